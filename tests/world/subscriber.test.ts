import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderFeed } from '../../src/feeds/render-documents.ts';
import type { Document } from '../../src/model/feed.ts';
import type { HistoryEntry } from '../../src/model/listing.ts';
import type { Story } from '../../src/model/story.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { DAY, HOUR, openHistory } from '../support/history.ts';
import type { HistoryBench } from '../support/history.ts';
import { noteTag } from '../support/world/checks/reading/compare.ts';
import { readDocuments } from '../support/world/checks/reading/formats.ts';
import { createSubscriber } from '../support/world/checks/subscriber.ts';
import type { Subscriber } from '../support/world/checks/subscriber.ts';

let history: HistoryBench;
let subscriber: Subscriber;
beforeEach(async () => {
  history = await openHistory();
  subscriber = createSubscriber('all');
});
afterEach(() => history[Symbol.asyncDispose]());

/** Returns what the subscriber says; `lies` replaces methods of the store. */
function visit(lies: Partial<Store> = {}, walks = false): Promise<string[]> {
  const store = new Proxy(history.bench.store, { get: (real, name) => lies[name as keyof Store] ?? Reflect.get(real, name) });
  return subscriber.visit({ ...history.rendering(), store }, { walks });
}

/** Publishes `count` stories, an hour apart. */
async function publish(count: number): Promise<void> {
  for (let n = 0; n < count; n++) history.add(`s${n}`, history.ago((n + 1) * HOUR));
  await history.run();
}

const lieAboutOrder = (change: (listed: readonly HistoryEntry[]) => readonly HistoryEntry[]): Partial<Store> => ({
  readOrdered: async (slug, page) => change(await history.bench.store.readOrdered(slug, page)),
});
const lieAboutStories = (change: (story: Story, all: readonly Story[]) => Story): Partial<Store> => ({
  readStoriesByNumber: async (numbers) => {
    const stories = await history.bench.store.readStoriesByNumber(numbers);
    return stories.map((story) => change(story, stories));
  },
});
const withText = (story: Story, text: string): Story => {
  const { lead } = story;
  const revision = { ...lead.entry.revision, text, html: `<p>${text}</p>` };
  return { ...story, lead: { ...lead, entry: { ...lead.entry, revision } } };
};

test('a history with news, edits, corrections and a new rule has nothing to report', async () => {
  history.use({ limit: 4 });
  await publish(12);
  for (let step = 0; step < 6; step++) {
    expect(await visit({}, step % 2 === 0)).toEqual([]);
    history.pass(20 * HOUR);
    history.add(`t${step}`, history.ago(HOUR));
    history.revise(`s${step * 2}`);
    await history.run();
    if (step === 1) await history.take('s3', true);
    if (step === 3) await history.take('s3', false);
    if (step === 4) history.use({ limit: 4, exclude: [{ field: 'title', pattern: 's1' }] });
  }
  expect(await visit({}, true)).toEqual([]);
});

test('a client that left tombstones unread in archives of an earlier chain is owed nothing', async () => {
  history.use({ limit: 2 });
  await publish(12);
  expect(await visit({}, true)).toEqual([]);
  for (const pattern of ['/s[0-9]$/', 's11']) {
    history.use({
      limit: 2,
      exclude: [
        { field: 'title', pattern: '/s[0-9]$/' },
        { field: 'title', pattern },
      ],
    });
    await history.run();
    expect(await visit({}, pattern === 's11')).toEqual([]);
    history.pass(5 * DAY);
    await history.run();
  }
});

test('a feed that is not published has no subscriber', async () => {
  expect(await createSubscriber('none').visit(history.rendering(), { walks: true })).toEqual([]);
});

test('a changed published, an updated that went back and a changed text are reported', async () => {
  await publish(2);
  expect(await visit()).toEqual([]);
  expect(await visit(lieAboutStories((story) => ({ ...story, published: history.ago(DAY) })))).toContainEqual(
    expect.stringMatching(/urn:x:s0 has another published/),
  );
  const back = lieAboutOrder((listed) => listed.map((one) => ({ ...one, updated: history.ago(9 * DAY) })));
  expect(await visit(back)).toContainEqual(expect.stringMatching(/urn:x:s1: updated went back/));
});

test('other words under an unmoved updated are reported, a slip is not unless the world says so', async () => {
  await publish(1);
  const strict = createSubscriber('all', { isSilent: () => false });
  const lie = (words: string) => lieAboutStories((story) => withText(story, words));
  const [one, slip, other] = ['the ferry sails again at noon today and tomorrow', 'the ferry sails agian at noon today and tomorrow', 'no'];
  expect(await visit(lie(one))).toEqual([]);
  expect(await visit(lie(slip))).toEqual([]);
  const told = await visit(lie(other));
  expect(told).toContainEqual(expect.stringMatching(/urn:x:s0 differs in the document although updated is still/));
  expect(told).toContainEqual(expect.stringMatching(/the delta from \S+ \(visit 1\) lacks entry urn:x:s0: the client has another version/));
  expect(await strict.visit(history.rendering(), { walks: false })).toEqual([]);
  const rendering = { ...history.rendering(), store: Object.assign(Object.create(history.bench.store) as Store, lie(slip)) };
  expect(await strict.visit(rendering, { walks: false })).toContainEqual(expect.stringMatching(/urn:x:s0 differs/));
});

test('two entries that change places without news are reported', async () => {
  await publish(3);
  expect(await visit()).toEqual([]);
  const swapped = lieAboutOrder(([first, second, ...rest]) => [
    ...(first && second
      ? [
          { ...second, at: first.at },
          { ...first, at: second.at },
        ]
      : []),
    ...rest,
  ]);
  expect(await visit(swapped)).toEqual([expect.stringMatching(/urn:x:s0 stood above urn:x:s1, and now below it/)]);
});

test('a story that leaves without a tombstone is reported', async () => {
  await publish(3);
  expect(await visit()).toEqual([]);
  expect(await visit(lieAboutOrder((listed) => listed.slice(1)))).toEqual([expect.stringMatching(/urn:x:s0 has left the document/)]);
});

test('a withdrawn story that comes back no newer than its tombstone is reported', async () => {
  await publish(3);
  await visit();
  history.pass(HOUR);
  await history.take('s1', true);
  expect(await visit()).toEqual([]);
  history.pass(HOUR);
  await history.take('s1', false);
  const old = lieAboutOrder((listed) =>
    listed.map((one) => ({ ...one, updated: one.accountedFor > history.ago(HOUR) ? history.ago(HOUR) : one.updated })),
  );
  expect(await visit(old)).toContainEqual(expect.stringMatching(/urn:x:s1 came back with updated .*, which is not after its tombstone/));
});

test('an id that stands twice and a story under two ids are reported', async () => {
  await publish(2);
  const twice = lieAboutOrder((listed) => [...listed, ...listed.slice(0, 1)]);
  expect(await visit(twice)).toContainEqual(expect.stringMatching(/urn:x:s0 stands twice/));
  const double = lieAboutStories((story, [first]) => (first ? { ...first, no: story.no, id: story.id } : story));
  expect(
    await createSubscriber('all').visit({ ...history.rendering(), store: { ...history.bench.store, ...double } }, { walks: false }),
  ).toEqual([expect.stringMatching(/one story stands under two ids: urn:x:s0 and urn:x:s1/)]);
});

test('bytes that change without news, and a tag of two documents, are reported', async () => {
  await publish(2);
  expect(await visit()).toEqual([]);
  const otherHead: Partial<Store> = {
    bindFeed: async (slug, at) => ({
      ...(await history.bench.store.bindFeed(slug, at)),
      id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    }),
  };
  expect(await visit(otherHead)).toEqual([expect.stringMatching(/the atom document has other bytes, but the same entries/)]);
  const hashes = new Map<string, string>();
  const [document] = await renderFeed(history.rendering(), history.feedOf());
  if (!document) throw new Error('no document');
  expect(noteTag(hashes, document)).toEqual([]);
  expect(noteTag(hashes, { ...document, bytes: Buffer.from('other') })).toEqual([expect.stringMatching(/other bytes under the tag/)]);
});

test('documents that do not parse or differ from each other are reported', async () => {
  await publish(2);
  const documents = await renderFeed(history.rendering(), history.feedOf());
  const check = (format: Document['format'], change: (text: string) => string) => {
    const found: string[] = [];
    readDocuments(
      documents.map((one) => (one.format === format ? { ...one, bytes: Buffer.from(change(new TextDecoder().decode(one.bytes))) } : one)),
      found,
    );
    return found;
  };
  expect(check('rss', (text) => text)).toEqual([]);
  expect(check('rss', (text) => text.replace('</channel>', ''))).toEqual([
    expect.stringMatching(/^the rss document cannot be read strictly/),
  ]);
  expect(check('json', (text) => text.replace('}', ''))).toEqual([expect.stringMatching(/^the json document cannot be read strictly/)]);
  expect(check('atom', (text) => text.replace('<entry', '<entry x=1'))[0]).toMatch(/^the atom document cannot be read strictly/);
  expect(check('rss', (text) => text.replace('urn:x:s0', 'urn:x:s9'))).toEqual([expect.stringMatching(/^the rss document has/)]);
  expect(check('json', (text) => text.replace('"Of s1"', '"Of s2"'))).toEqual([expect.stringMatching(/^the json document has/)]);
  expect(check('atom', (text) => text.replace('Of s0', 'Of so far'))).toContainEqual(
    expect.stringMatching(/^the part of urn:x:s0 is not its entry/),
  );
});

test('a delta that leaves out news is reported', async () => {
  await publish(2);
  await visit();
  history.pass(HOUR);
  history.add('new', history.ago(60_000));
  await history.run();
  const late: Partial<Store> = {
    readVersions: async (slug, chain) => new Map([...(await history.bench.store.readVersions(slug, chain)).keys()].map((tag) => [tag, 99])),
  };
  expect(await visit(late)).toEqual([
    expect.stringMatching(/the delta from \S+ \(visit 1\) lacks entry urn:x:new: the client has never had it/),
  ]);
});

test('an archive that is lost, changes, or lacks a story is reported', async () => {
  history.use({ limit: 4 });
  await publish(30);
  expect(await visit({}, true)).toEqual([]);
  expect(await visit({ readArchive: async () => null }, true)).toEqual([expect.stringMatching(/archive \d+ is linked, and cannot be had/)]);
  const change = (edit: (text: string) => string): Partial<Store> => ({
    readArchive: async (slug, n) => {
      const archive = await history.bench.store.readArchive(slug, n);
      const text = archive?.stored ? gunzipSync(archive.stored.gzip).toString() : '';
      return archive?.stored ? { ...archive, stored: { ...archive.stored, gzip: gzipSync(edit(text)) } } : archive;
    },
  });
  const cut = await visit(
    change((text) => text.replace(/ {4}<entry(?:(?!<entry)[^])*?urn:x:s20<\/id>[^]*?<\/entry>\n/, '')),
    true,
  );
  expect(cut).toContainEqual(expect.stringMatching(/archive \d is stored, and has lost urn:x:s20/));
  expect(cut).toContainEqual(expect.stringMatching(/a full walk: urn:x:s20 is missing, without a tombstone/));
  const told = await visit(
    change((text) => text.replace('Of s20', 'On s20')),
    true,
  );
  expect(told).toContainEqual(expect.stringMatching(/archive \d is stored, and now has another form of urn:x:s20/));
});

test('a walk that stops at a known archive and misses a story is reported', async () => {
  history.use({ limit: 4 });
  await publish(30);
  await visit({}, true);
  history.pass(HOUR);
  history.add('new', history.ago(60_000));
  await history.run();
  // The new story stands in the oldest archive, and not in the document.
  const lies: Partial<Store> = {
    ...lieAboutOrder((listed) => listed.filter(({ id }) => id !== 'urn:x:new')),
    readHistory: async (slug, places) =>
      (await history.bench.store.readHistory(slug, places)).filter(({ id }) => places.upTo !== null || id !== 'urn:x:new'),
    readArchive: async (slug, n) => {
      const archive = await history.bench.store.readArchive(slug, n);
      if (n !== 1 || !archive?.stored) return archive;
      const text = gunzipSync(archive.stored.gzip).toString();
      const more = text.replace(/( {4}<entry[^]*?<\/entry>\n)/, (entry) => entry.replaceAll(/s\d+/g, 'new') + entry);
      return { ...archive, stored: { ...archive.stored, gzip: gzipSync(more) } };
    },
  };
  expect(await visit(lies, true)).toContainEqual(expect.stringMatching(/a walk that goes on from visit 1: urn:x:new is absent, and 20/));
});
