import { expect, test } from 'vitest';
import type { SiteCounts, RunRecord } from '../../../src/model/counts.ts';
import { listen } from '../../../src/serve/http/listen.ts';
import { createMetrics } from '../../../src/serve/metrics/metrics.ts';
import type { ServerContext } from '../../../src/serve/server-context.ts';
import { toRoute } from '../../../src/serve/metrics/request-meter.ts';
import { toFeed } from '../../support/story.ts';
import { noCounts } from '../../support/view.ts';
import { makeClock, makeServer } from '../made-server.ts';

const at = (time: string) => new Date(`2026-01-05T${time}Z`);
const bearer = { headers: { authorization: 'Bearer owner' } };
const figures: SiteCounts = {
  ...noCounts,
  lastRun: { startedAt: at('16:00:00'), endedAt: at('16:00:02.500') },
  sources: { ...noCounts.sources, ok: 3, failing: 1 },
  entries: 12,
  stories: 9,
  feeds: [{ slug: 'all', standing: 9, newestAt: at('15:00:00'), modifiedAt: null, isStale: true, isShrunk: false }],
  privateFeedsFailing: 1,
  hub: { subscriptions: 5, failing: 2, intents: 1 },
  setAside: 3,
  pushesWaiting: 4,
  queue: { waiting: 7, active: 2 },
};

/** Returns the samples of `/metrics` by name with labels. */
async function read(server: ReturnType<typeof makeServer>): Promise<Map<string, number>> {
  const answer = await server.request('/metrics', bearer);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

const serve = (said: Partial<ServerContext> = {}) => makeServer({ token: 'owner', readFigures: async () => figures, ...said });

test('exposes the state of the store; an unknown value has no sample', async () => {
  const said = await read(serve());
  const expected = {
    newsfold_last_run_duration_seconds: 2.5,
    newsfold_last_run_end_timestamp_seconds: at('16:00:02.500').getTime() / 1000,
    'newsfold_sources{state="ok"}': 3,
    'newsfold_sources{state="failing"}': 1,
    'newsfold_sources{state="gone"}': 0,
    newsfold_entries: 12,
    newsfold_stories: 9,
    newsfold_set_aside: 3,
    'newsfold_feed_stories{feed="all"}': 9,
    'newsfold_feed_newest_story_timestamp_seconds{feed="all"}': at('15:00:00').getTime() / 1000,
    'newsfold_feed_stale{feed="all"}': 1,
    'newsfold_feed_shrunk{feed="all"}': 0,
    newsfold_private_feeds_ill: 1,
    newsfold_hub_subscriptions: 5,
    newsfold_hub_subscriptions_failing: 2,
    newsfold_hub_intents: 1,
    newsfold_pushes_waiting: 4,
    'newsfold_queue_lanes{state="waiting"}': 7,
    'newsfold_queue_lanes{state="active"}': 2,
    newsfold_store_readable: 1,
  };
  expect(Object.fromEntries(said)).toMatchObject(expected);
  expect([...said.keys()].filter((name) => name.startsWith('newsfold_feed_document'))).toEqual([]);
});

test('has no samples of a missing hub, of missing runs or of an unreadable store', async () => {
  const names = async (said: Partial<ServerContext>) => {
    const found = await read(serve({ metrics: createMetrics(makeClock(), { ofProcess: false }), ...said }));
    return [...found.keys()].filter((name) => !/_total|build_info|http_request|newsfold_sources/.test(name));
  };
  const nothing = [
    'newsfold_entries',
    'newsfold_private_feeds_ill',
    'newsfold_pushes_waiting',
    'newsfold_set_aside',
    'newsfold_store_readable',
    'newsfold_stories',
  ];
  expect((await names({ readFigures: async () => noCounts })).toSorted()).toEqual(nothing);
  expect(await names({ readFigures: () => Promise.reject(new Error('away')) })).toEqual(['newsfold_store_readable']);
});

test('counts each run once, reads the store at most once in ten seconds, and works without it', async () => {
  const clock = makeClock();
  const asked: number[] = [];
  const over = (no: number, report: RunRecord['report']): RunRecord => ({ no, startedAt: at('17:00:01'), endedAt: null, report });
  let runs: readonly RunRecord[] = [
    over(3, {
      failed: 1,
      entriesNew: 5,
      entriesRevised: 2,
      folded: 3,
      problems: [{ code: 'fetch/timeout' }],
      bySource: [{ outcome: 'failed' }],
    }),
    over(4, null),
  ];
  let isAway = false;
  const readFigures: ServerContext['readFigures'] = async ({ no, since }) => {
    expect(since).toEqual(at('17:00:00'));
    if (isAway) throw new Error('no store');
    asked.push(no);
    return { ...figures, runs: runs.filter((run) => run.no > no) };
  };
  const server = serve({ clock, metrics: createMetrics(clock, { ofProcess: false }), readFigures });
  const first = {
    'newsfold_runs_total{outcome="clean"}': 0,
    'newsfold_runs_total{outcome="problems"}': 1,
    'newsfold_runs_total{outcome="unfinished"}': 1,
    'newsfold_polls_total{outcome="failed"}': 1,
    'newsfold_entries_total{change="new"}': 5,
    newsfold_folds_total: 3,
    'newsfold_problems_total{code="fetch/timeout"}': 1,
  };
  for (let n = 0; n < 2; n++) expect(Object.fromEntries(await read(server))).toMatchObject(first);
  runs = [...runs, over(5, { entriesNew: 1 })];
  clock.pass(10);
  expect(Object.fromEntries(await read(server))).toMatchObject({
    ...first,
    'newsfold_runs_total{outcome="clean"}': 1,
    'newsfold_entries_total{change="new"}': 6,
  });
  isAway = true;
  clock.pass(10);
  expect(Object.fromEntries(await read(server))).toMatchObject({
    newsfold_store_readable: 0,
    newsfold_folds_total: 3,
    newsfold_stories: 9,
  });
  expect(asked).toEqual([0, 4]);
});

test('counts requests by pattern and status, and their durations; slugs of private feeds appear nowhere', async () => {
  const server = serve({ feeds: [toFeed(), toFeed({ slug: 'inner', isDefault: false, private: true, token: 'x' })] });
  const paths = [
    '/feed.atom',
    '/feeds/inner.atom?token=x',
    '/feeds/inner.atom',
    '/feeds/inner/archive/1.atom?token=x',
    '/stories/none/',
    '/nowhere/inner',
    '/a%ff',
  ];
  for (const path of paths) await server.request(path);
  await server.request('/feed.atom', { method: 'POST' });
  const answer = await server.request('/metrics', bearer);
  const text = await answer.text();
  const counted = text.split('\n').filter((line) => line.startsWith('newsfold_http_requests_total'));
  expect(counted.toSorted()).toEqual(
    [
      ['/feed.atom', 200],
      ['/feed.atom', 405],
      ['/feeds/{slug}.atom', 200],
      ['/feeds/{slug}.atom', 401],
      ['/feeds/{slug}/archive/{n}.atom', 200],
      ['/stories/{key}/', 404],
      ['other', 400],
      ['other', 404],
    ].map(([route, status]) => `newsfold_http_requests_total{route="${route}",status="${status}"} 1`),
  );
  expect(text).toContain('# TYPE newsfold_http_request_duration_seconds histogram\n');
  expect(text).toMatch(/^newsfold_http_request_duration_seconds_bucket\{le="\+Inf",route="\/feed.atom"\} 2$/m);
  expect(text).toMatch(/^newsfold_http_request_duration_seconds_count\{route="\/feed.atom"\} 2$/m);
  expect(text).toMatch(/^newsfold_http_request_duration_seconds_sum\{route="\/feed.atom"\} 0\.\d+$/m);
  expect(text).not.toContain('inner');
});

test.each([
  ['/feeds/secret-one.json', '/feeds/{slug}.json'],
  ['/feeds/secret/', '/feeds/{slug}/'],
  ['/feeds/secret/archive/:file{[1-9][0-9]{0,8}\\.atom}', '/feeds/{slug}/archive/{n}.atom'],
  ['/api/v1/stories/:key/split', '/api/v1/stories/{key}/split'],
  ['/websub/callback/:path', '/websub/callback/{path}'],
  ['/*', 'other'],
  ['/api/*', 'other'],
])('the route of %s is %s', (path, route) => {
  expect(toRoute(path)).toBe(route);
});

test('with a configured token metrics are given to clients that send it', async () => {
  const status = async (init: RequestInit = {}) => (await serve().request('/metrics', init)).status;
  expect(await status()).toBe(401);
  expect(await status({ headers: { authorization: 'Bearer wrong' } })).toBe(401);
  expect(await status(bearer)).toBe(200);
  expect((await serve().request('/metrics')).headers.get('www-authenticate')).toBe('Bearer');
});

test.each<[boolean, Record<string, string>, number]>([
  [false, {}, 200],
  [false, { 'x-forwarded-for': '127.0.0.1' }, 403],
  [false, { forwarded: 'for=192.0.2.1' }, 403],
  [false, { via: '1.1 proxy' }, 403],
  [true, {}, 200],
  [true, { 'x-forwarded-for': '192.0.2.1' }, 403],
  [true, { 'x-forwarded-for': '127.0.0.1, 192.0.2.1' }, 403],
  [true, { 'x-forwarded-for': '192.0.2.1, 127.0.0.1' }, 200],
  [true, { 'x-forwarded-for': '::1' }, 200],
])('without a token, behind a trusted proxy %s, a client here that sends %j is answered %i', async (trustProxy, headers, status) => {
  const server = await listen(makeServer({ trustProxy }), { host: '127.0.0.1', port: 0 });
  try {
    const answer = await fetch(`${server.url}/metrics`, { headers });
    await answer.text();
    expect(answer.status).toBe(status);
  } finally {
    await server.close();
  }
});

test('without a token a client of unknown address gets no metrics', async () => {
  expect((await makeServer().request('/metrics')).status).toBe(403);
});
