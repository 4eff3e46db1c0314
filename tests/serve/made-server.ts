import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Hono } from 'hono';
import type { Document, DocumentHistory, Representation } from '../../src/model/feed.ts';
import { createMetrics } from '../../src/serve/metrics/metrics.ts';
import type { ServerContext } from '../../src/serve/server-context.ts';
import { createServer } from '../../src/serve/server.ts';
import { site, toFeed } from '../support/story.ts';
import { noCounts, noSources, toListView } from '../support/view.ts';

/** Last-Modified of everything created here. */
export const MODIFIED = 'Mon, 05 Jan 2026 16:00:00 GMT';

/** A clock that stands still until it is moved. */
export function makeClock(start = '2026-01-05T17:00:00Z') {
  let time = new Date(start).getTime();
  return { now: () => new Date(time), pass: (seconds: number) => void (time += seconds * 1000) };
}

/** Bytes in every coding. */
export function makeRepresentation(text: string, said: Partial<Representation> = {}): Representation {
  return {
    contentType: 'application/atom+xml; charset=utf-8',
    bytes: Buffer.from(text),
    gzip: gzipSync(text),
    brotli: brotliCompressSync(text),
    tag: 'now',
    lastModified: new Date(MODIFIED),
    ...said,
  };
}

/** Returns the Atom document `<feed><e5/><e4/>…</feed>`, with a part for every given seq, and
 *  the versions that clients may have of it. */
export function makeAtom(
  seqs: readonly number[],
  versions: Readonly<Record<string, number>>,
  said: Partial<Representation> = {},
): Document {
  const head = '<feed>';
  const parts: DocumentHistory['parts'][number][] = [];
  let text = head;
  for (const seq of seqs) {
    const start = text.length;
    text += `<e${seq}/>`;
    parts.push({ start, end: text.length, seq });
  }
  const history = { parts, versions: new Map(Object.entries(versions)) };
  return { ...makeRepresentation(`${text}</feed>`, said), slug: 'all', format: 'atom', history };
}

/** A server with only the functions that a test gives it. Its feeds are `all` (default), `tech`,
 *  `inner` (private, token `secret`), `old` and `dead`. */
export function makeServer(said: Partial<ServerContext> = {}): Hono {
  const quiet = () => undefined;
  return createServer({
    site,
    feeds: [
      toFeed(),
      toFeed({ slug: 'tech', isDefault: false }),
      toFeed({ slug: 'inner', isDefault: false, private: true, token: 'secret' }),
      toFeed({ slug: 'old', isDefault: false, movedTo: 'https://new.example.com/feed' }),
      toFeed({ slug: 'dead', isDefault: false, retired: true }),
    ],
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    clock: makeClock(),
    maxAgeSeconds: 300,
    hubUrl: null,
    askHub: null,
    limitRequests: null,
    trustProxy: false,
    hasPublished: () => true,
    readDocument: async ({ slug }, format) => ({ ...makeRepresentation(`${slug}.${format}`), slug, format, history: null }),
    readArchive: async ({ slug }, n) => (n > 2 ? null : makeRepresentation(`archive ${n} of ${slug}`)),
    readOpml: async () => makeRepresentation('<opml/>', { contentType: 'text/x-opml; charset=utf-8' }),
    readList: async (_feeds, selection) => (selection.page > 1 ? null : toListView([], { selection })),
    readTags: async () => [],
    readStory: async () => ({ kind: 'unknown' }),
    readPublished: async () => 1,
    showLong: null,
    readSources: async () => noSources,
    token: null,
    correct: async () => ({ isDone: true, isUnknown: false, message: 'done' }),
    askWhy: async (question) => ({ question }),
    startRun: quiet,
    callbacks: {
      maxBytes: 1000,
      find: async () => null,
      verify: async () => false,
      deny: async () => false,
      take: async () => 'queued',
      hint: async () => undefined,
    },
    checkReady: async () => [],
    logsRequests: false,
    metrics: createMetrics(makeClock(), { ofProcess: false }),
    readFigures: async () => noCounts,
    ...said,
  });
}
