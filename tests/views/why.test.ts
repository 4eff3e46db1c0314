import { expect, test } from 'vitest';
import { readArrangement } from '../../src/feeds/document-stories.ts';
import { toHostKey, toUrlKey } from '../../src/normalise/identity/url.ts';
import { askWhy } from '../../src/views/why.ts';
import type { WhyContext } from '../../src/views/why.ts';
import type { Workbench } from '../support/bench.ts';
import { DAY, openHistory } from '../support/history.ts';

const toWhyContext = ({ store, feeds }: Workbench): WhyContext => ({
  store,
  feeds,
  siteUrl: 'https://fold.test',
  readArrangement: (feed, state) => readArrangement({ store }, feed, state),
  toUrlKey,
  toHostKey,
});

test('pruned, set-aside and pending entries are found', async () => {
  await using history = await openHistory();
  const { bench } = history;
  const ask = (question: string) => askWhy(toWhyContext(bench), question);
  history.use({ limit: 2 });
  bench.retention = { days: 10, perSource: null };
  for (let n = 0; n < 40; n++) {
    history.items.splice(0, Math.max(0, history.items.length - 4));
    history.add(`s${n}`, history.ago(0));
    await history.run();
    history.pass(DAY);
  }
  expect(await ask('https://a.test/s0')).toMatchObject({ found: [], pruned: [{ sourceId: 'a', title: 'Of s0' }], nearest: [] });
  expect((await ask('urn:x:s0')).pruned).toHaveLength(1);

  const [found] = (await ask('https://a.test/s38')).found;
  const failed = { what: 'entry', sourceId: 'a', stage: 'fold', reason: 'failed', message: 'planted', mark: null } as const;
  await bench.store.setAside(
    [
      { ...failed, name: found?.entry.key ?? '', no: found?.entry.no ?? null },
      { ...failed, stage: 'normalise', name: 'urn:x:unread', no: null },
    ],
    '0.1.1',
    bench.now,
  );
  expect((await ask('https://a.test/s38')).found[0]?.setAside).toMatchObject([{ stage: 'fold', message: 'planted' }]);
  expect(await ask('urn:x:unread')).toMatchObject({ found: [], setAside: [{ stage: 'normalise' }] });

  // A run that is stopped after reading leaves folding to the next one.
  const stop = new AbortController();
  history.add('late', history.ago(0));
  await bench.run([history.toSource('a', history.items)], { signal: stop.signal, onProgress: (done) => done > 0 && stop.abort() });
  expect((await ask('Of late')).found).toMatchObject([{ entry: { title: 'Of late', storyNo: null }, story: null, feeds: [] }]);
});

test('a question is searched literally in titles, and addresses are compared in canonical form', async () => {
  await using history = await openHistory();
  const { bench } = history;
  const ask = async (question: string) => (await askWhy(toWhyContext(bench), question)).found.map(({ entry }) => entry.identity);
  history.add('percent', history.ago(0), { title: '100 % of_it \\ done' });
  history.add('umlaut', history.ago(0), { title: 'Über Öl' });
  await history.run();
  expect(await ask('100 % OF_it \\')).toEqual(['urn:x:percent']);
  expect(await ask('100 _ of')).toEqual([]);
  expect(await ask('ber Öl')).toEqual(['urn:x:umlaut']);
  expect(await ask('http://www.a.test/umlaut/?utm_medium=mail#top')).toEqual(['urn:x:umlaut']);
  for (const odd of ['%', '_', "'; drop table entry; --", 'https://', '\0', '\ud800', 'x'.repeat(100_000)])
    expect(Array.isArray(await ask(odd))).toBe(true);
});
