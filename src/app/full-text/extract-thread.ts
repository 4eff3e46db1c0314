import { addresses } from '../threads/worker-files.ts';
import { createThread } from '../../runtime/thread.ts';
import type { ExtractCalls } from './extract-worker.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';

/** Extracts the text of linked pages in a process that can be killed. */
export interface TextExtractor {
  /** Returns the result of parseFullText. A page that is too large, takes too long or needs too
   *  much memory is refused as `page/too-hard`; other pages are unaffected. Pages are read one
   *  at a time, in the order of the calls. The bytes are copied.
   *  @throws NewsfoldError `page/no-thread` when no thread can be started, or the extractor was
   *  closed before the page's turn. */
  readonly extract: (page: SourceBytes, expected: ExpectedArticle) => Promise<PageText>;
  /** Ends the thread and rejects the current and the waiting pages. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/** Largest page in bytes. The longest articles have a megabyte of markup; a tree takes some
 *  fifty times the bytes of its page. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Time limit for starting on a loaded machine. Loading linkedom and Readability takes a quarter
 *  of a second on an idle one. */
const START_MS = 30_000;

/** Creates an extractor whose thread starts at its first use and anew after it was killed. An
 *  idle thread does not keep the program running. `timeoutMs` applies to each page, `memoryMb`
 *  caps the thread's heap. The extractor works in any thread. */
export function createTextExtractor(options: { readonly timeoutMs: number; readonly memoryMb: number }): TextExtractor {
  const thread = createThread<ExtractCalls>({
    address: addresses.extract,
    kind: 'worker',
    memoryMb: options.memoryMb,
    setup: null,
    explain: (reason) => reason,
    // A page that kills the thread is reported as refused instead.
    log: null,
    isIdleFree: true,
  });
  let turn: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  /** Kills the thread, whose state is unknown; the next page starts a new one. */
  const giveUp = (text: PageText | NewsfoldError): PageText => {
    void thread.kill();
    if (isClosed) throw toError('the reader of linked pages was closed');
    if (text instanceof NewsfoldError) throw text;
    return text;
  };
  const read = async (page: SourceBytes, expected: ExpectedArticle): Promise<PageText> => {
    if (isClosed) throw toError('the reader of linked pages was closed');
    const started = await within(START_MS, thread.begin());
    if (started.kind === 'late') return giveUp(toError(`the thread for linked pages did not start within ${START_MS / 1000} s`));
    if (started.kind === 'failed') return giveUp(toError(`the thread for linked pages did not start (${started.reason})`));
    const answer = await within(options.timeoutMs, thread.ask('read', { page, expected }));
    if (answer.kind === 'done') return answer.value;
    if (answer.kind === 'late') return giveUp(toRefusal(`took longer than ${options.timeoutMs} ms`));
    return giveUp(toRefusal(`needed more memory than allowed (${answer.reason})`));
  };
  return {
    async extract(page, expected) {
      if (isClosed) throw toError('the reader of linked pages is closed');
      if (page.bytes.length > MAX_BYTES) return toRefusal(`is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
      const reading = turn.then(() => read(page, expected));
      turn = reading.catch(() => undefined);
      return reading;
    },
    async close() {
      isClosed = true;
      await thread.kill();
      await turn;
    },
  };
}

type Within<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'late' };

/** Returns the result of a promise, or `late` when it has not settled within `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<Within<T>> {
  const late = Promise.withResolvers<Within<T>>();
  const timer = setTimeout(() => late.resolve({ kind: 'late' }), ms);
  const settled = promise.then(
    (value): Within<T> => ({ kind: 'done', value }),
    (error: unknown): Within<T> => ({ kind: 'failed', reason: error instanceof Error ? error.message : 'unknown' }),
  );
  try {
    return await Promise.race([settled, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function toRefusal(reason: string): PageText {
  return {
    kind: 'refused',
    problem: { code: 'page/too-hard', message: `the linked page ${reason}; what the feed gave is published instead` },
  };
}

function toError(message: string): NewsfoldError {
  return new NewsfoldError('page/no-thread', message);
}
