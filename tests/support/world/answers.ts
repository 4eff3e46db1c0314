import type { FetchRequest, FetchResult, PollHints } from '../../../src/ports/fetcher.ts';

/** Facts of one exchange that stand in its headers and redirects. */
export interface Facts {
  /** Address of the last hop. */
  readonly url: string;
  /** Target of a permanent redirect; null for none. */
  readonly movedTo: string | null;
  readonly freshUntil: Date | null;
}

/** Returns an answer with a document. */
export function give(
  facts: Facts,
  content: { readonly bytes: Uint8Array; readonly type: string; readonly etag?: string | null; readonly isDelta?: boolean },
): FetchResult {
  const { bytes, type: contentType, etag = null, isDelta = false } = content;
  const hints = toHints(facts, isDelta ? 226 : 200);
  return { kind: 'content', content: { bytes, contentType, url: facts.url }, link: null, isDelta, etag, lastModified: null, hints };
}

/** Returns the answer that nothing has changed. */
export function unchanged(facts: Facts, etag: string | null): FetchResult {
  return { kind: 'notModified', link: null, etag, lastModified: null, hints: toHints(facts, 304) };
}

/** Returns an answer that refuses. */
export function fail({ url }: Pick<FetchRequest, 'url'>, status: number, retryAfter: Date | null = null): FetchResult {
  const problem = { code: 'fetch/status', message: `the server answered ${status}` };
  const hints = { ...toHints({ url, movedTo: null, freshUntil: null }, status), retryAfter };
  return { kind: 'failed', problem, gone: status === 410, hints };
}

/** Returns the outcome of a request that nobody answers. */
export function hang({ url }: Pick<FetchRequest, 'url'>): FetchResult {
  const problem = { code: 'fetch/timeout', message: 'no answer in time' };
  return { kind: 'failed', problem, gone: false, hints: toHints({ url, movedTo: null, freshUntil: null }, null) };
}

function toHints({ url, movedTo, freshUntil }: Facts, status: number | null): PollHints {
  return { status, retryAfter: null, freshUntil, finalUrl: url, movedTo };
}
