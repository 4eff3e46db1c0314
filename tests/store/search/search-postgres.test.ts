import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../../../src/ports/store/store.ts';
import { openPostgres } from '../../../src/store/engine/postgres.ts';
import { openStore } from '../../../src/store/store.ts';
import { declare } from '../../support/bench.ts';
import { startPostgres } from '../../support/postgres.ts';
import type { PostgresBench } from '../../support/postgres.ts';
import { after, change, noon, publishAll } from '../store-bench.ts';

let server: PostgresBench;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server[Symbol.asyncDispose]());

const nameOf = (url: string) => new URL(url).pathname.slice(1);
/** Creates a database in which a user may create tables and nothing else. */
async function createForOthers(): Promise<string> {
  const url = new URL(await server.createDatabase());
  await server.ask("do $$ begin create role plain login password 'plain'; exception when duplicate_object then null; end $$");
  await server.ask('grant create, usage on schema public to plain', nameOf(url.href));
  return Object.assign(url, { username: 'plain', password: 'plain' }).href;
}
const search = async (store: Store, ...words: readonly string[]) =>
  (await store.readHeadlines({ slugs: ['all'], sources: null, words, offset: 0, limit: 50 })).headlines.map(({ title }) => title);
const indexes = async (url: string) =>
  (await server.ask("select indexname from pg_indexes where indexname = 'revision_words'", nameOf(url))).length;

const ways = [
  ['where pg_trgm can be had', () => server.createDatabase(), 1],
  ['where it may not be installed', createForOthers, 0],
  [
    'where the owner has put it into another schema',
    async () => {
      const url = await server.createDatabase();
      await server.ask('create schema "Exten sions"; create extension pg_trgm schema "Exten sions"', nameOf(url));
      return url;
    },
    1,
  ],
  ['of a language that knows ASCII only', () => server.createDatabase("locale_provider libc locale 'C' template template0"), 1],
] as const satisfies readonly (readonly [string, () => Promise<string>, number])[];

test.for(ways)('words are found in upper and lower case in a database %s, in texts of any length', async ([, create, count]) => {
  const url = await create();
  const store = await openStore(openPostgres(url));
  try {
    expect(await indexes(url)).toBe(count);
    await store.bindSources([declare('file', '/a.xml', { id: 'a' })], noon);
    const huge = Array.from({ length: 200_000 }, (_, n) => `word${n} `).join('');
    const entries = await publishAll(store, [
      change({ identity: '1' }, { title: 'one', text: 'ÜBER die 100% BRÜCKE' }),
      change({ identity: '2' }, { title: 'two', text: '中国 海军' }),
      change({ identity: '3' }, { title: 'huge', text: huge }),
      change({ identity: '4' }, { title: 'solid', text: 'x'.repeat(3_000_000) }),
    ]);
    await store.bindFeed('all', noon);
    const listing = { kind: 'new', seq: 1, updated: noon, accountedFor: noon, loggedAt: noon, isInWindow: false } as const;
    await store.saveListings(
      'all',
      entries.map(({ no }) => ({ ...listing, storyNo: no, at: after(no) })),
      { seq: 1, changeSeq: 0 },
    );
    for (const [words, found] of [
      [['über'], ['one']],
      [['0% brü'], ['one']],
      [['brücke', 'ONE'], ['one']],
      [['中国'], ['two']],
      [['国中'], []],
      [['WORD199999 '], ['huge']],
      [['word200000'], []],
      [['xxxx'], ['solid']],
    ] as const)
      expect([words, await search(store, ...words)]).toEqual([words, found]);
    expect(await store.indexWords()).toBe(false);
  } finally {
    await store.close();
  }
});

test('a word search uses the index if there is one', async () => {
  const url = await server.createDatabase();
  // With many texts the server would choose the index itself.
  await server.ask(`alter database ${nameOf(url)} set enable_seqscan = off`);
  const store = await openStore(openPostgres(url));
  expect(await search(store, 'harbour')).toEqual([]);
  // The server counts a connection's work at its end at the latest.
  await store.close();
  const uses = () => server.ask("select idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'revision_words'", nameOf(url));
  await expect.poll(async () => (await uses())[0]?.['n']).toBe(1);
});
