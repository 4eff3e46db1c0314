import { createHash } from 'node:crypto';
import type { Fetcher, FetchRequest, FetchResult, PollHints } from '../../../src/ports/fetcher.ts';
import { contentTypes, encodeDocument, writeDocument } from './document.ts';
import { HOUR, machineTime } from './world.ts';
import type { Item, Mood, Outlet, World } from './world.ts';

/** The items that one run was given whole, by source. */
export type Served = Map<string, readonly Item[]>;

/** Returns the address of a source's document. */
export function addressOf({ id }: Pick<Outlet, 'id'>): string {
  return `https://${id}.test/feed`;
}

/** Answers the requests of runs as the sources of the world do, and notes in `served` which items
 *  each run was given whole. */
export function createServer(world: World, served: Served): Fetcher & { readonly polls: () => number } {
  let polls = 0;
  return {
    polls: () => polls,
    close: async () => undefined,
    async fetch(request) {
      polls++;
      const outlet = world.outlets.find((one) => addressOf(one) === request.url);
      if (!outlet) return fail(request, 404);
      return answer(world, outlet, request, served);
    },
  };
}

function answer(world: World, outlet: Outlet, request: FetchRequest, served: Served): FetchResult {
  const bytes = encodeDocument(outlet, writeDocument(outlet));
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}"`;
  const type = `${contentTypes[outlet.format]}${outlet.charset === 'utf-8' ? '; charset=utf-8' : ''}`;
  const give = (body: Uint8Array, contentType = type): FetchResult => ({
    kind: 'content',
    content: { bytes: body, contentType, url: request.url },
    link: null,
    isDelta: false,
    etag,
    lastModified: null,
    hints: toHints(request, 200),
  });
  const later = new Date(machineTime(world).getTime() + HOUR);
  const answers: Record<Mood, () => FetchResult> = {
    ok() {
      served.set(outlet.id, [...outlet.items]);
      return request.etag === etag ? unchanged(request, etag) : give(bytes);
    },
    cut: () => give(bytes.subarray(0, Math.floor(bytes.length * 0.6))),
    empty: () => give(new Uint8Array()),
    page: () => give(Buffer.from('<!doctype html><title>Maintenance</title><p>Back soon'), 'text/html'),
    bytes: () => give(Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256)),
    '304': () => unchanged(request, null),
    '404': () => fail(request, 404),
    '410': () => fail(request, 410),
    '429': () => fail(request, 429, later),
    '503': () => fail(request, 503, later),
    hang: () => ({
      kind: 'failed',
      problem: { code: 'fetch/timeout', message: 'no answer in time' },
      gone: false,
      hints: toHints(request, null),
    }),
  };
  return answers[outlet.mood]();
}

function unchanged(request: FetchRequest, etag: string | null): FetchResult {
  return { kind: 'notModified', link: null, etag, lastModified: null, hints: toHints(request, 304) };
}

function fail(request: FetchRequest, status: number, retryAfter: Date | null = null): FetchResult {
  const problem = { code: 'fetch/status', message: `the server answered ${status}` };
  return { kind: 'failed', problem, gone: status === 410, hints: { ...toHints(request, status), retryAfter } };
}

function toHints({ url }: FetchRequest, status: number | null): PollHints {
  return { status, retryAfter: null, freshUntil: null, finalUrl: url, movedTo: null };
}
