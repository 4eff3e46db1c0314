import { parentPort } from 'node:worker_threads';
import type { ExpectedArticle, PageText, SourceBytes } from './model/parsed.ts';
import { parseFullText } from './parse/full-text.ts';

/** A page to be read, and what its feed said of it. */
export interface ExtractRequest {
  readonly page: SourceBytes;
  readonly expected: ExpectedArticle;
}

/** What the thread says: once that it is there, then what came of each page, in order. */
export type ExtractAnswer = { readonly kind: 'ready' } | { readonly kind: 'read'; readonly text: PageText };

/** The thread that linked pages are read in, so that a hostile one can be stopped. It works one page at a time. An error that parseFullText does
 *  not expect ends the thread, and the page is refused like one that took too long. */
if (parentPort) listen(parentPort);

function listen(port: NonNullable<typeof parentPort>): void {
  port.on('message', ({ page, expected }: ExtractRequest) => {
    port.postMessage({ kind: 'read', text: parseFullText(page, expected) } satisfies ExtractAnswer);
  });
  port.postMessage({ kind: 'ready' } satisfies ExtractAnswer);
}
