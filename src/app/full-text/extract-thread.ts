import { addresses } from '../threads/addresses.ts';
import { createThread } from '../../runtime/thread.ts';
import type { ExtractCalls } from './extract-worker.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';

/** Reads the text of linked pages in a thread of its own. */
export interface TextExtractor {
  /** Returns what parseFullText says of the page. A page is refused as `page/too-hard` when it is
   *  larger than any article's, takes longer or needs more memory than is allowed: that costs this
   *  page alone. Pages are read one at a time, in the order in which they were asked for. The bytes
   *  are copied.
   *  @throws NewsfoldError `page/no-thread` when no thread can be started, or the extractor was
   *  closed before the page's turn. */
  readonly extract: (page: SourceBytes, expected: ExpectedArticle) => Promise<PageText>;
  /** Ends the thread; the page at hand and those that wait are rejected. Closing twice does nothing
   *  more. */
  readonly close: () => Promise<void>;
}

/** Bytes of a page. The longest articles have a megabyte of markup; a tree takes some fifty times
 *  its page. */
const MAX_BYTES = 4 * 1024 * 1024;
/** What starting may take on a machine under load: reading linkedom and Readability from disk takes
 *  a quarter of a second on an idle one. */
const START_MS = 30_000;

/** Starts the thread at its first use, and a new one after it had to be ended. An idle thread keeps
 *  no program from ending. `timeoutMs` is for each page by itself, `memoryMb` caps the thread's
 *  heap. Works in any thread. */
export function createTextExtractor(options: { readonly timeoutMs: number; readonly memoryMb: number }): TextExtractor {
  const thread = createThread<ExtractCalls>({
    address: addresses.extract,
    kind: 'worker',
    memoryMb: options.memoryMb,
    setup: null,
    explain: (reason) => reason,
    // A page that ends its thread is told as refused.
    log: null,
    isIdleFree: true,
  });
  let turn: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  /** Ends the thread, whose state is not known any more; the next page has a new one. */
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
    return giveUp(toRefusal(`could not be read within the memory that it may take (${answer.reason})`));
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

/** Returns what came of a promise, or `late` when nothing has come of it after so long. */
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

function toRefusal(what: string): PageText {
  return {
    kind: 'refused',
    problem: { code: 'page/too-hard', message: `the linked page ${what}; what the feed gave is published instead` },
  };
}

function toError(message: string): NewsfoldError {
  return new NewsfoldError('page/no-thread', message);
}
