import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAlerts, toRunAlert } from '../../src/alerts/findings.ts';
import { createAlertSender } from '../../src/alerts/sender.ts';
import type { AlertTarget } from '../../src/alerts/sender.ts';
import { createAlerts } from '../../src/alerts/alerts.ts';
import type { AlertContext } from '../../src/alerts/alerts.ts';
import { createHttpClient } from '../../src/ingest/http/http-client.ts';
import type { Alert, AlertMessage } from '../../src/model/alert.ts';
import { NewsfoldError } from '../../src/model/errors.ts';
import type { PollState, SourceStatus } from '../../src/model/source.ts';
import type { FeedHealth, SourceView } from '../../src/model/view.ts';
import type { Store } from '../../src/ports/store/store.ts';
import { openSqlite } from '../../src/store/engine/sqlite.ts';
import { openStore } from '../../src/store/store.ts';
import { startLoopback } from '../support/loopback.ts';
import { status } from '../support/view.ts';

const a: Alert = { code: 'fetch/timeout', source: 'a', message: 'a does not answer' };
const b: Alert = { code: 'output/stale', feed: 'b', message: 'b is stale' };
let folder = '';
let store: Store;
let now = Date.parse('2026-03-10T12:00:00Z');
let logged: string[] = [];
const note = (fields: object, message: string) => void logged.push(JSON.stringify([fields, message]));
const log = { debug: note, info: note, warn: note, error: note };
const open = () => openStore(openSqlite(join(folder, 'test.db'), { mayWrite: true }));
const pass = (minutes: number) => void (now += minutes * 60_000);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-alerts-'));
  store = await open();
  logged = [];
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Returns alerts that find the `present` problems and go to `target`. */
function watch(
  present: readonly Alert[],
  target: Partial<AlertTarget>,
  rest: Partial<AlertContext> = {},
  signal = new AbortController().signal,
) {
  const http = createHttpClient({ userAgent: 'test', proxy: null, noProxy: [], allowPrivateAddresses: ['127.0.0.0/8'] });
  const send = createAlertSender(
    { command: null, webhook: null, ...target },
    { http, log, folder, env: { PATH: process.env['PATH'], OWN: 'mine' }, signal },
  );
  return createAlerts({
    store,
    write: (work) => work(store),
    find: async () => present,
    send,
    clock: { now: () => new Date(now) },
    log,
    site: 'https://x.test',
    everyMs: 6 * 3_600_000,
    ...rest,
  });
}

test('a command gets the text on standard input and the problems in its environment, and starts beside the configuration', async () => {
  writeFileSync(join(folder, 'tell.sh'), 'cat > text; printf %s "$NEWSFOLD_PROBLEMS" > problems; echo "$OWN" > own\n');
  await watch([a, b], { command: 'sh tell.sh' }).look();
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  expect(read('text')).toContain('source a: a does not answer [fetch/timeout]\nfeed b: b is stale [output/stale]\n');
  expect(JSON.parse(read('problems'))).toEqual({
    site: 'https://x.test',
    at: new Date(now).toISOString(),
    problems: [a, b],
    resolved: [],
    more: 0,
  });
  expect(read('own')).toBe('mine\n');
  expect(logged).toEqual([]);
});

test('a failed command is logged without its command line and run again; a successful one is not', async () => {
  const command = 'echo x >> tries; echo "no such user" >&2; test $(wc -l < tries) -gt 1 # s3cret';
  const tries = () => readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n').length;
  const { look } = watch([a], { command });
  await look();
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain('no such user');
  expect(logged[0]).not.toContain('s3cret');
  await look();
  expect(tries()).toBe(1);
  pass(1);
  await look();
  expect(tries()).toBe(2);
  pass(60);
  await look();
  expect(tries()).toBe(2);
});

test('an aborted command, its background processes and unread input block nothing', async () => {
  const stop = new AbortController();
  const { look } = watch([a], { command: 'touch begun; sleep 60 & sleep 60' }, {}, stop.signal);
  const looking = look();
  await expect.poll(() => existsSync(join(folder, 'begun')), { timeout: 20_000 }).toBe(true);
  const begun = performance.now();
  stop.abort();
  await looking;
  expect(performance.now() - begun).toBeLessThan(5000);
  pass(2);
  const many = Array.from({ length: 200 }, (_, n): Alert => ({ code: 'x', source: `s${n}`, message: '界'.repeat(500) }));
  await watch(many, { command: 'test ${#NEWSFOLD_PROBLEMS} -gt 1000' }).look();
  expect(logged).toHaveLength(1);
});

test('a webhook gets JSON, again after a failure, and no repeated alerts after a restart', async () => {
  await using server = await startLoopback();
  const got: AlertMessage[] = [];
  let code = 503;
  const webhook = server.on('/hook', (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      got.push(JSON.parse(body) as AlertMessage);
      response.writeHead(code).end();
    });
  });
  await watch([a], { webhook: `${webhook}?key=s3cret` }).look();
  expect(server.requests).toMatchObject([{ method: 'POST', url: '/hook?key=s3cret', headers: { 'content-type': 'application/json' } }]);
  expect(logged.join()).toContain('503');
  expect(logged.join()).not.toContain('s3cret');
  code = 204;
  pass(1);
  await watch([a], { webhook }).look();
  expect(got[1]).toEqual({ site: 'https://x.test', at: new Date(now).toISOString(), problems: [a], resolved: [], more: 0 });
  await store.close();
  store = await open();
  pass(10);
  await watch([a], { webhook }).look();
  expect(got).toHaveLength(2);
  await watch([], { webhook }).look();
  expect(got[2]).toMatchObject({ problems: [], resolved: [a] });
});

test('only one of two processes on a store sends, and the other sends if the first is killed while sending', async () => {
  const sent: string[] = [];
  const other = await open();
  const send = (name: string) => async () => {
    sent.push(name);
    return true;
  };
  // Both have read the same state before either claims the message. SQLite waits for a writer
  // inside its call, so two connections of this one thread must take turns: a second process would
  // wait.
  const haveRead = Promise.withResolvers<void>();
  let readers = 0;
  let turn = haveRead.promise.then(() => false);
  const inTurn = (into: Store): AlertContext['write'] => {
    return (work) => {
      if (++readers === 2) haveRead.resolve();
      turn = turn.then(() => work(into));
      return turn;
    };
  };
  const first = watch([a], {}, { write: inTurn(store), send: send('first') });
  const second = watch([a], {}, { store: other, write: inTurn(other), send: send('second') });
  await Promise.all([first.look(), second.look()]);
  expect(sent).toHaveLength(1);
  sent.length = 0;
  const begun = Promise.withResolvers<void>();
  const sendForEver = () => {
    begun.resolve();
    return new Promise<boolean>(() => undefined);
  };
  const killed = watch([a, b], {}, { send: sendForEver });
  pass(1);
  void killed.look();
  await begun.promise;
  await watch([a, b], {}, { store: other, write: (work) => work(other), send: send('second') }).look();
  expect(sent).toEqual([]);
  pass(2);
  await watch([a, b], {}, { store: other, write: (work) => work(other), send: send('second') }).look();
  expect(sent).toEqual(['second']);
  await other.close();
});

test('a store that cannot be written or read is reported as often as any other problem', async () => {
  const sent: AlertMessage[] = [];
  const send = async (message: AlertMessage) => sent.push(message) > 0;
  const full = new NewsfoldError('store/unusable', 'the store test.db cannot be used: disk full');
  const broken = { write: () => Promise.reject(full), send };
  const { look } = watch([toRunAlert(full)], {}, broken);
  for (let n = 0; n < 5; n++) {
    await look();
    pass(1);
  }
  expect(sent.map(({ problems }) => problems)).toEqual([[{ code: 'store/unusable', message: full.message }]]);
  pass(360);
  await look();
  expect(sent).toHaveLength(2);
  const away = { readAlertState: () => Promise.reject(full) };
  await watch([], {}, { ...broken, store: away, find: () => Promise.reject(full) }).look();
  expect(sent[2]).toMatchObject({ problems: [{ code: 'store/unusable' }] });
});

const day = (n: number) => new Date(Date.parse('2026-03-10T12:00:00Z') - n * 86_400_000);

function toView(poll: Partial<PollState>, rest: Partial<SourceView> = {}): SourceView {
  const source: SourceStatus['source'] = { ...status.source, id: 's', kind: 'feed' };
  const stated = { ...status, source, poll: { ...status.poll, problem: null, lastSuccessAt: day(0), ...poll } };
  return { status: stated, title: 'S', problem: null, days: [], silence: null, ...rest };
}

const timeout = { code: 'fetch/timeout', message: 'not used' };
test.each<[string, SourceView, string | null]>([
  ['two failures', toView({ failures: 2, lastSuccessAt: day(9), problem: timeout }), null],
  ['three failures within a day', toView({ failures: 3, lastSuccessAt: day(0.9), problem: timeout }), null],
  [
    'three failures and a day',
    toView({ failures: 3, lastSuccessAt: day(1), problem: timeout }, { problem: 'no answer' }),
    'fetch/timeout: no answer; last read 2026-03-09T12:00:00.000Z, 3 failures in a row',
  ],
  [
    'a source that was never read',
    toView({ failures: 3, lastSuccessAt: null, problem: timeout }, { problem: 'no answer' }),
    'fetch/timeout: no answer; it has never been read, 3 failures in a row',
  ],
  [
    '410',
    toView({ failures: 1, gone: true, problem: { code: 'fetch/gone', message: '' } }, { problem: 'it is gone' }),
    'fetch/gone: it is gone',
  ],
  [
    'a silence',
    toView({}, { silence: { days: 9, longestBefore: 2 } }),
    'source/silent: nothing new for 9 days; its longest pause before was 2 days',
  ],
  ['a problem of one entry', toView({ problem: timeout }, { problem: 'an entry has no date' }), null],
])('%s', (_, source, expected) => {
  const [alert, ...others] = findAlerts({ sources: [source], feeds: [] }, day(0));
  expect(others).toEqual([]);
  expect(alert ? `${alert.code}: ${alert.message}` : null).toBe(expected);
  if (alert) expect(alert.source).toBe('s');
});

test('faulty own articles give one alert per source and kind of fault', () => {
  const file = {
    sourceId: 's',
    location: 'a.md',
    title: 'A',
    reason: 'fault',
    code: 'article/date',
    message: 'no date',
    line: 3,
    mend: 'write one',
    until: null,
    isPublished: false,
  } as const;
  expect(
    findAlerts(
      { sources: [], feeds: [], faulty: [file, { ...file, location: 'b.md' }, { ...file, code: 'article/status', line: null }] },
      day(0),
    ),
  ).toEqual([
    {
      code: 'article/date',
      source: 's',
      message: 'a.md, line 3: no date; the article is held back until you fix it: write one; and 1 more: newsfold stories --held',
    },
    { code: 'article/status', source: 's', message: 'a.md: no date; the article is held back until you fix it: write one' },
  ]);
});

test('a stale or shrunk feed and a failed run give an alert each', () => {
  const feed: FeedHealth = { slug: 'all', title: 'All', isDefault: true, isPrivate: false, standing: 3, newestAt: null, problem: null };
  const problem = { code: 'output/shrunk' as const, message: '9 of its 12 stories left it within a day' };
  expect(findAlerts({ sources: [], feeds: [feed, { ...feed, slug: 'b', problem }] }, day(0))).toEqual([{ ...problem, feed: 'b' }]);
  expect(toRunAlert({ code: 'run/failed', message: 'Error: x\n    at y' })).toEqual({ code: 'run/failed', message: 'Error: x' });
});
