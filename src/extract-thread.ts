import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ExtractAnswer, ExtractRequest } from './extract-worker.ts';
import { NewsfoldError } from './model/errors.ts';
import type { ExpectedArticle, PageText, SourceBytes } from './model/parsed.ts';

/** Reads the text of linked pages in a thread of its own. */
export interface TextExtractor {
  /** What parseFullText says of the page; or refused `page/too-hard` when it is larger than any article's, took longer or needed more memory than is
   *  allowed: that costs this page alone. Pages are read one at a time, in the order in which they were asked for. The bytes are copied.
   *  @throws NewsfoldError `page/no-thread` when no thread can be started, or the extractor was closed before the page's turn. */
  readonly extract: (page: SourceBytes, expected: ExpectedArticle) => Promise<PageText>;
  /** Ends the thread; the page at hand and those that wait are rejected. Closing twice does nothing more. */
  readonly close: () => Promise<void>;
}

interface Waiting extends ExtractRequest {
  readonly resolve: (text: PageText) => void;
  readonly reject: (error: NewsfoldError) => void;
}

/** Bytes of a page. The longest articles have a megabyte of markup; a tree takes some fifty times its page. */
const MAX_BYTES = 4 * 1024 * 1024;
/** What starting may take on a machine under load: reading linkedom and Readability from disk takes a quarter of a second on an idle one. */
const START_MS = 30_000;

/** Starts the thread at its first use, and a new one after it had to be ended. An idle thread keeps no program from ending. `timeoutMs` is for each page
 *  by itself, `memoryMb` caps the thread's heap. Works in any thread. */
export function createTextExtractor(options: { readonly timeoutMs: number; readonly memoryMb: number }): TextExtractor {
  const waiting: Waiting[] = [];
  let atWork: Waiting | null = null;
  let thread: { readonly worker: Worker; isReady: boolean } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const finish = (text: PageText | NewsfoldError) => {
    clearTimeout(timer);
    const done = atWork;
    atWork = null;
    if (text instanceof NewsfoldError) done?.reject(text);
    else done?.resolve(text);
    next();
  };
  const end = (): Promise<unknown> => {
    const ending = thread;
    thread = null;
    return ending?.worker.terminate() ?? Promise.resolve();
  };
  const start = () => {
    // The file beside this one: .ts from source, .js from dist.
    const file = new URL(`./extract-worker${extname(import.meta.url)}`, import.meta.url);
    const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: options.memoryMb } });
    const started = { worker, isReady: false };
    let reason = 'it ended';
    worker.on('message', (answer: ExtractAnswer) => {
      if (thread !== started) return;
      if (answer.kind === 'read') {
        finish(answer.text);
        return;
      }
      started.isReady = true;
      send();
    });
    worker.on('error', (error: Error) => (reason = error.message));
    worker.on('exit', () => {
      if (thread !== started) return;
      thread = null;
      if (!atWork) return;
      finish(
        started.isReady
          ? toRefusal(`could not be read within the memory that it may take (${reason})`)
          : toError(`the thread for linked pages did not start (${reason})`),
      );
    });
    return started;
  };
  const send = () => {
    if (!atWork || !thread) return;
    const { page, expected } = atWork;
    clearTimeout(timer);
    timer = setTimeout(() => {
      void end();
      finish(toRefusal(`took longer than ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    thread.worker.postMessage({ page, expected } satisfies ExtractRequest);
  };
  const next = () => {
    atWork = waiting.shift() ?? null;
    if (!atWork) {
      thread?.worker.unref();
      return;
    }
    if (thread?.isReady === true) {
      thread.worker.ref();
      send();
      return;
    }
    thread = start();
    timer = setTimeout(() => {
      void end();
      finish(toError(`the thread for linked pages did not start within ${START_MS / 1000} s`));
    }, START_MS);
  };
  return {
    extract: (page, expected) =>
      new Promise((resolve, reject) => {
        if (isClosed) reject(toError('the reader of linked pages is closed'));
        else if (page.bytes.length > MAX_BYTES) resolve(toRefusal(`is larger than ${MAX_BYTES / 1024 / 1024} MiB`));
        else {
          waiting.push({ page, expected, resolve, reject });
          if (!atWork) next();
        }
      }),
    async close() {
      isClosed = true;
      const ended = end();
      for (const { reject } of waiting.splice(0)) reject(toError('the reader of linked pages was closed'));
      if (atWork) finish(toError('the reader of linked pages was closed'));
      await ended;
    },
  };
}

function toRefusal(what: string): PageText {
  return {
    kind: 'refused',
    problem: { code: 'page/too-hard', message: `the linked page ${what}; what the feed gave is published instead` },
  };
}

function toError(message: string): NewsfoldError {
  return new NewsfoldError('page/no-thread', message);
}
