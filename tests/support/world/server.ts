import { createHash } from 'node:crypto';
import type { Fetcher, FetchRequest, FetchResult } from '../../../src/ports/fetcher.ts';
import { fail, give, hang, unchanged } from './answers.ts';
import type { Facts } from './answers.ts';
import { countWhole, encodeDocument, typeOf, writeDocument } from './document.ts';
import { createDues } from './dues.ts';
import { HOUR, machineTime, MINUTE } from './world.ts';
import type { Item, Mood, Outlet, World } from './world.ts';

/** The items that one run was given whole, by source. */
export type Served = Map<string, readonly Item[]>;

/** Everything that the servers of a world remember. */
interface Memory {
  readonly world: World;
  readonly served: Served;
  /** By source and entity tag, the items of that version. */
  readonly versions: Map<string, readonly Item[]>;
  /** Items of which a run was given every word, with the template that it was given too. */
  readonly given: Map<Item, string>;
  /** Sources that have given a whole document. */
  readonly wholes: Set<string>;
  /** By source, the tag of the document that was cut off last: no client may name it. */
  readonly cutTags: Map<string, string>;
  /** Number of the next entity tag of a server that never gives one twice. */
  tag: number;
}

/** Returns the address of a source in the configuration. */
export function addressOf(outlet: Pick<Outlet, 'id' | 'kind' | 'path' | 'isPrivate'>): string {
  return outlet.kind === 'page' ? `https://${outlet.id}.test/` : documentOf(outlet);
}

/** Returns the address of a source's document. */
export function documentOf({ id, path, isPrivate }: Pick<Outlet, 'id' | 'path' | 'isPrivate'>): string {
  return `https://${id}.test/${path}${isPrivate ? `?key=hush${id}hush` : ''}`;
}

/** Reports whether an address is or was one of a source. */
export function isAt({ id }: Pick<Outlet, 'id'>, url: string): boolean {
  return [`https://${id}-`, `https://${id}.`].some((start) => url.startsWith(start));
}

/** Answers the requests of runs as the sources of the world do, and notes in `served` which items
 *  each run was given whole. */
export function createServer(world: World, served: Served) {
  let polls = 0;
  const dues = createDues(world);
  const memory: Memory = { world, served, versions: new Map(), given: new Map(), wholes: new Set(), cutTags: new Map(), tag: 1 };
  const fetcher: Fetcher = {
    close: async () => undefined,
    async fetch(request) {
      polls++;
      const outlet = world.outlets.find((one) => documentOf(one) === request.url || one.moved?.to === request.url);
      if (!outlet) return failAt(request);
      const { moved, freshMs } = outlet;
      const to = moved !== null && request.url !== moved.to ? moved.to : null;
      const freshUntil = freshMs === 0 ? null : new Date(machineTime(world).getTime() + freshMs);
      const facts = { url: to ?? request.url, movedTo: moved?.isPermanent === true ? to : null, freshUntil };
      const result = answers[outlet.mood]({ outlet, request, facts, memory });
      dues.note(outlet, result, outlet.mood !== 'ok');
      return result;
    },
  };
  // A former address of a source answers nothing more.
  const failAt = (request: FetchRequest) => {
    const result = fail(request, 404);
    const former = world.outlets.find((outlet) => isAt(outlet, request.url));
    if (former) dues.note(former, result, true);
    return result;
  };
  return {
    ...fetcher,
    polls: () => polls,
    /** Answers a request for a page, as `Crawler` asks. */
    async crawl(url: string): Promise<FetchResult> {
      const outlet = world.outlets.find((one) => one.kind === 'page' && addressOf(one) === url);
      if (!outlet) return fail({ url }, 404);
      const link = `<link rel="alternate" type="application/rss+xml" href="${documentOf(outlet)}">`;
      const bytes = Buffer.from(`<!doctype html><html><head><title>${outlet.id}</title>${link}</head><body><p>Home</body></html>`);
      return give({ url, movedTo: null, freshUntil: null }, { bytes, type: 'text/html; charset=utf-8' });
    },
    findWaiting: () => dues.findWaiting(),
  };
}

/** One request to a source. */
interface Exchange {
  readonly outlet: Outlet;
  readonly request: FetchRequest;
  readonly facts: Facts;
  readonly memory: Memory;
}

const answers: Record<Mood, (exchange: Exchange) => FetchResult> = {
  ok: answerWell,
  cut({ outlet, facts, memory: { world, served, cutTags, wholes } }) {
    const bytes = encodeDocument(outlet, writeDocument(outlet));
    const etag = outlet.etag === 'hash' ? toTag(bytes) : null;
    if (etag !== null) cutTags.set(outlet.id, etag);
    const share = 2 + (Math.floor(world.now.getTime() / MINUTE) % 8);
    const part = bytes.subarray(0, Math.floor((bytes.length * share) / 10));
    const whole = countWhole(outlet, part);
    if (!wholes.has(outlet.id)) for (const { article } of outlet.items) world.early.add(article);
    // Nobody outside can tell which items of another format were read.
    if (whole !== null) {
      served.set(outlet.id, outlet.items.slice(0, whole));
      for (const { article } of outlet.items.slice(whole, whole + 1)) world.halves.add(article);
    }
    return give(facts, { bytes: part, type: typeOf(outlet), etag });
  },
  none({ outlet, facts }) {
    const nothing = { ...outlet, items: [] };
    return give(facts, { bytes: encodeDocument(outlet, writeDocument(nothing)), type: typeOf(outlet) });
  },
  empty: ({ outlet, facts }) => give(facts, { bytes: new Uint8Array(), type: typeOf(outlet) }),
  page: ({ facts }) => give(facts, { bytes: Buffer.from('<!doctype html><title>Maintenance</title><p>Back soon'), type: 'text/html' }),
  bytes: ({ outlet, facts }) => give(facts, { bytes: Uint8Array.from({ length: 300 }, (_, n) => (n * 37) % 256), type: typeOf(outlet) }),
  '304': ({ facts }) => unchanged(facts, null),
  '404': ({ request }) => fail(request, 404),
  '410': ({ request }) => fail(request, 410),
  '429': ({ request, memory }) => fail(request, 429, laterThan(machineTime(memory.world))),
  '503': ({ request, memory }) => fail(request, 503, laterThan(machineTime(memory.world))),
  hang: ({ request }) => hang(request),
};

function laterThan(now: Date): Date {
  return new Date(now.getTime() + HOUR);
}

function toTag(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}"`;
}

/** Gives the document, or what the source's way of saving work makes of it. */
function answerWell({ outlet, request, facts, memory }: Exchange): FetchResult {
  const { served, versions } = memory;
  const bytes = encodeDocument(outlet, writeDocument(outlet));
  const etag = { hash: toTag(bytes), constant: '"same"', fresh: `"${memory.tag++}"`, none: null }[outlet.etag];
  if (etag !== null && request.etag === etag) {
    // Each item is owed to a client that names a document of which it was given a part.
    const isCut = memory.cutTags.get(outlet.id) === etag;
    served.set(
      outlet.id,
      outlet.items.filter((item) => isCut || memory.given.get(item) === outlet.template),
    );
    return unchanged(facts, etag);
  }
  const before =
    request.acceptsDelta && request.etag !== null ? versions.get(`${outlet.id} ${request.etag} ${outlet.template}`) : undefined;
  memory.cutTags.delete(outlet.id);
  memory.wholes.add(outlet.id);
  if (etag !== null) versions.set(`${outlet.id} ${etag} ${outlet.template}`, [...outlet.items]);
  const news = outlet.items.filter((item) => before?.includes(item) !== true);
  const shown = { none: outlet.items, honest: news, whole: outlet.items, forgetful: news.slice(0, 1) }[before ? outlet.delta : 'none'];
  served.set(outlet.id, [...shown]);
  for (const item of shown) {
    memory.given.set(item, outlet.template);
    if (!memory.world.halves.delete(item.article)) continue;
    memory.world.revised.add(item.article);
    memory.world.doubtful.add(item.article);
  }
  const isDelta = before !== undefined && outlet.delta !== 'none';
  return give(facts, {
    bytes: encodeDocument(outlet, writeDocument({ ...outlet, items: [...shown] })),
    type: typeOf(outlet),
    etag,
    isDelta,
  });
}
