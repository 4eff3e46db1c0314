import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { NewsfoldError } from '../../../src/model/errors.ts';
import type { Feed } from '../../../src/model/feed.ts';
import type { SourceView } from '../../../src/model/view.ts';
import type { Correction } from '../../../src/model/story.ts';
import type { ServerContext } from '../../../src/serve/server-context.ts';
import { toFeed, toStory } from '../../support/story.ts';
import { noSources, shown, status, toListView } from '../../support/view.ts';
import { makeServer } from '../made-server.ts';

const open = toStory(
  { key: 'openopenopen' },
  {},
  { entry: { no: 2 }, source: { id: 'inner', private: true }, verdict: { score: 0.9, why: ['same title'] } },
);
const closed = toStory({ key: 'closedclosed' });
const owner = { authorization: 'Bearer owner token' };
const feeds = [toFeed(), toFeed({ slug: 'inner', isDefault: false, private: true, token: 'secret' })];

/** A server with a public story and one that only a private feed has; `actions` records the
 *  owner's calls. */
function start(said: Partial<ServerContext> = {}) {
  const actions: (Correction | 'run')[] = [];
  const storiesOf = (feed: Feed) => (feed.private ? [closed] : [open]);
  const app = makeServer({
    feeds,
    token: 'owner-token',
    readList: async (asked, selection) =>
      selection.page > 2 ? null : toListView(asked.flatMap(storiesOf), { selection, hasMore: selection.page === 1 }),
    readStory: async (key, mayRead) => {
      if (key === open.key) return shown(open);
      if (key === 'gonegonegone') return { kind: 'gone' };
      if (key === 'mergedmerged') return { kind: 'moved', key: open.key };
      if (key !== closed.key) return { kind: 'unknown' };
      return feeds.some((feed) => feed.private && mayRead(feed)) ? shown(closed, { isPublic: false }) : { kind: 'unknown' };
    },
    readSources: async (asked) => ({ ...noSources, sources: asked.length > 1 ? [local, remote, secret] : [local, remote] }),
    correct: async (action) => {
      actions.push(action);
      return { isDone: true, isUnknown: false, message: 'done' };
    },
    startRun: () => void actions.push('run'),
    ...said,
  });
  return { app, actions };
}

const rest = { title: 'x', days: [], silence: null };
const local: SourceView = { status, problem: 'a.txt is binary', ...rest };
const remote: SourceView = {
  status: {
    ...status,
    source: { ...status.source, id: 'wire', kind: 'feed', address: 'https://wire.example.com/feed' },
    poll: { ...status.poll, problem: null },
  },
  problem: null,
  ...rest,
};
const secret: SourceView = {
  ...remote,
  status: { ...remote.status, source: { ...remote.status.source, id: 'inner', private: true, address: 'https://inner.example.com/' } },
};

/** Checks an answer against its schema, so that an undescribed or missing field is found. */
async function readChecked(response: Response, name: string, isList = false): Promise<unknown> {
  const schema = await (await start().app.request('/api/v1/openapi.json')).json();
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema(schema as object, 'api');
  const ref = { $ref: `api#/components/schemas/${name}` };
  const validate = ajv.compile(isList ? { type: 'array', items: ref } : ref);
  const body: unknown = await response.json();
  validate(body);
  expect(validate.errors).toBeNull();
  return body;
}

test('lists the stories that the client may read, with a link to more', async () => {
  const { app } = start();
  const response = await app.request('/api/v1/stories?q=ferry');
  expect(response.headers.get('link')).toBe('<?q=ferry&page=2>; rel="next"');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await readChecked(response, 'Story', true)).toMatchObject([
    { key: 'openopenopen', sources: ['coast', 'inner'], entries: 2, revisions: 1 },
  ]);
  const both = (await (await app.request('/api/v1/stories?token=secret')).json()) as { key: string }[];
  expect(both.map(({ key }) => key)).toEqual(['openopenopen', 'closedclosed']);
  const byOwner = await app.request('/api/v1/stories?feed=inner', { headers: { authorization: 'Bearer owner-token' } });
  expect(await byOwner.json()).toMatchObject([{ key: 'closedclosed' }]);
  expect(byOwner.headers.get('cache-control')).toBe('private, no-cache');
});

test.each([
  '/api/v1/stories?feed=inner',
  '/api/v1/stories?feed=none',
  '/api/v1/stories?page=0',
  '/api/v1/stories?page=3',
  '/api/v1/stories?tag=%22',
  '/api/v1/stories/none',
  '/api/v1/stories/closedclosed',
  '/api/v1/nothing',
  '/api/v2/stories',
])('answers 404 to %s, as a problem', async (path) => {
  const response = await start().app.request(path);
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
  await readChecked(response, 'Problem');
});

test('gives a story with its text, members and versions, without the address of a private source', async () => {
  const { app } = start();
  const body = await readChecked(await app.request('/api/v1/stories/openopenopen'), 'StoryDetail');
  expect(body).toMatchObject({
    html: '<p>The ferry sails again. The pier has been mended.</p>',
    members: [
      { source: 'coast', url: 'https://coast.example.com/ferry', verdict: 'first' },
      { source: 'inner', url: null, verdict: 'same', score: 0.9, why: ['same title'] },
    ],
    revisions: [{ updated: '2026-01-05T15:00:00.000Z', kind: 'first' }],
  });
  expect((await app.request('/api/v1/stories/gonegonegone')).status).toBe(410);
  expect((await app.request('/api/v1/stories/mergedmerged')).headers.get('location')).toBe('/api/v1/stories/openopenopen');
  expect((await app.request('/api/v1/stories/closedclosed?token=secret')).status).toBe(200);
});

test.each([
  ['javascript:alert(1)', null],
  ['file:///etc/passwd', null],
  ['https://me:pw@a.example.com/x', 'https://a.example.com/x'],
])('gives the address %s as %j', async (url, expected) => {
  const odd = toStory({}, { entry: { url }, revision: { html: `<p><a href="${url}">x</a></p>` } });
  const { app } = start({ readStory: async () => shown(odd), readList: async (_feeds, selection) => toListView([odd], { selection }) });
  const [headline] = (await (await app.request('/api/v1/stories')).json()) as { url: string | null }[];
  const detail = (await (await app.request('/api/v1/stories/k')).json()) as {
    url: string | null;
    html: string;
    members: { url: string | null }[];
  };
  expect([headline?.url, detail.url, detail.members[0]?.url]).toEqual([expected, expected, expected]);
  expect(detail.html).toBe(expected === null ? '<p><a>x</a></p>' : `<p><a href="${expected}">x</a></p>`);
});

test('gives sources without paths of the machine; the owner gets everything', async () => {
  const { app } = start();
  const response = await app.request('/api/v1/sources');
  expect(await readChecked(response, 'Source', true)).toEqual([
    expect.objectContaining({
      id: 'desk',
      url: null,
      state: 'ok',
      problem: { source: 'desk', entry: 'a.txt', code: 'article/unreadable', message: 'a.txt is binary' },
    }),
    expect.objectContaining({ id: 'wire', url: 'https://wire.example.com/feed', problem: null }),
  ]);
  const told = await app.request('/api/v1/sources', { headers: { authorization: 'Bearer owner-token' } });
  const [desk, , inner] = (await readChecked(told, 'Source', true)) as { url: string | null; problem: { message: string } }[];
  expect([desk?.url, desk?.problem.message, inner?.url]).toEqual([
    '/srv/newsfold/articles',
    '/srv/newsfold/articles/a.txt is binary',
    null,
  ]);
});

test('items of a source that were set aside are listed only for the owner', async () => {
  const item = { what: 'entry', sourceId: 'desk', name: 'plan.md', no: null, stage: 'fold', reason: 'failed', message: 'boom' } as const;
  const setAside = [{ ...item, mark: null, version: '0.1.1', at: new Date(0), tries: 2, isOpen: false }];
  const readSources = async () => ({ ...noSources, sources: [local, remote], setAside });
  const { app } = start({ readSources });
  for (const path of ['/api/v1/sources', '/api/v1/sources?token=secret', '/sources/', '/sources/?token=secret']) {
    const said = await (await app.request(path)).text();
    expect(said).not.toMatch(/setAside|plan\.md|boom/);
  }
  const told = await readChecked(
    await app.request('/api/v1/sources', { headers: { authorization: 'Bearer owner-token' } }),
    'Source',
    true,
  );
  expect(told).toMatchObject([
    { id: 'desk', setAside: [{ what: 'entry', name: 'plan.md', stage: 'fold', at: '1970-01-01T00:00:00.000Z', tries: 2 }] },
    { id: 'wire', setAside: [] },
  ]);
});

test('why is for the owner and needs a question', async () => {
  const { app } = start();
  const ask = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
  const byToken = { authorization: 'Bearer owner-token' };
  expect((await ask('/api/v1/why?q=storm')).status).toBe(401);
  expect((await ask('/api/v1/why?q=storm', { authorization: 'Bearer other' })).status).toBe(401);
  expect((await ask('/api/v1/why', byToken)).status).toBe(400);
  const answer = await ask('/api/v1/why?q=storm', byToken);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  expect(await answer.json()).toEqual({ question: 'storm' });
});

const actions = ['/api/v1/stories/k/split', '/api/v1/stories/k/merge', '/api/v1/stories/k/hide', '/api/v1/stories/k/unhide', '/api/v1/run'];

test.each(actions)('refuses %s without the token, with another one, and where none is configured', async (path) => {
  const { app, actions: done } = start();
  const post = (headers: Record<string, string>, to = app) =>
    to.request(path, { method: 'POST', headers, body: '{"entry":"e","with":"w"}' });
  expect((await post({})).headers.get('www-authenticate')).toBe('Bearer');
  for (const headers of [{}, owner, { authorization: 'Bearer owner-toke' }, { authorization: `Basic ${btoa(':owner-token')}` }]) {
    const response = await post(headers);
    expect(response.status).toBe(401);
    await readChecked(response, 'Problem');
  }
  const off = start({ token: null });
  expect((await post({ authorization: 'Bearer null' }, off.app)).status).toBe(403);
  expect((await app.request(path)).status).toBe(405);
  expect([...done, ...off.actions]).toEqual([]);
});

test.each([
  ['/api/v1/stories/k/split', '{"entry":"e"}', { kind: 'split', key: 'k', entry: 'e' }],
  ['/api/v1/stories/k/merge', '{"with":"w"}', { kind: 'merge', key: 'k', with: 'w' }],
  ['/api/v1/stories/k/hide', '', { kind: 'hide', key: 'k', entry: null }],
  ['/api/v1/stories/k/hide', '{"entry":"e"}', { kind: 'hide', key: 'k', entry: 'e' }],
  ['/api/v1/stories/k/unhide', '', { kind: 'unhide', key: 'k', entry: null }],
  ['/api/v1/stories/k/unhide', '{"entry":"e"}', { kind: 'unhide', key: 'k', entry: 'e' }],
  ['/api/v1/run', '{}', 'run'],
])('does %s %s for the owner', async (path, body, action) => {
  const { app, actions: done } = start();
  const response = await app.request(path, { method: 'POST', headers: { authorization: 'Bearer owner-token' }, body });
  expect(response.status).toBe(action === 'run' ? 202 : 200);
  await readChecked(response, 'Done');
  expect(done).toEqual([action]);
});

test.each([
  ['/api/v1/stories/k/split', '{}', 400],
  ['/api/v1/stories/k/split', '{"entry":7}', 400],
  ['/api/v1/stories/k/merge', '[]', 400],
  ['/api/v1/stories/k/merge', 'with=w', 400],
  ['/api/v1/stories/k/hide', '{"entry":{}}', 400],
  ['/api/v1/stories/k/hide', '{"entries":"e"}', 400],
  ['/api/v1/stories/k/split', '{"entry":"e","with":"w"}', 400],
  ['/api/v1/run', '{"all":true}', 400],
  ['/api/v1/stories/k/hide', `"${'x'.repeat(20_000)}"`, 413],
])('refuses %s with the body %.20s', async (path, body, expected) => {
  const { app, actions: done } = start();
  const headers = { authorization: 'Bearer owner-token', 'content-length': String(body.length) };
  const response = await app.request(path, { method: 'POST', headers, body });
  expect(response.status).toBe(expected);
  await readChecked(response, 'Problem');
  expect(done).toEqual([]);
});

test.each([
  ['/api/v1/stories', 'GET, HEAD, OPTIONS'],
  ['/api/v1/stories/openopenopen', 'GET, HEAD, OPTIONS'],
  ['/api/v1/sources', 'GET, HEAD, OPTIONS'],
  ['/api/v1/openapi.json', 'GET, HEAD, OPTIONS'],
  ['/api/v1/stories/k/hide', 'POST'],
  ['/api/v1/run', 'POST'],
])('answers other methods at %s with 405, and %s are allowed', async (path, allowed) => {
  const { app } = start();
  for (const method of ['DELETE', 'PUT', allowed === 'POST' ? 'GET' : 'POST']) {
    const response = await app.request(path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    await readChecked(response, 'Problem');
  }
  const preflight = await app.request(path, { method: 'OPTIONS' });
  expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual(
    allowed === 'POST' ? [405, null] : [204, 'GET, HEAD'],
  );
});

test('scripts of other sites may read a 404', async () => {
  const { app } = start();
  for (const path of ['stories/none', 'stories/gonegonegone', 'stories/mergedmerged', 'stories?page=9', 'nothing'])
    expect((await app.request(`/api/v1/${path}`)).headers.get('access-control-allow-origin')).toBe('*');
});

test('explains a refused correction, and asks to try again during a run', async () => {
  const post = (correct: ServerContext['correct']) =>
    start({ correct }).app.request('/api/v1/stories/k/hide', { method: 'POST', headers: { authorization: 'Bearer owner-token' } });
  const unknown = await post(async () => ({ isDone: false, isUnknown: true, message: 'no story has the key k' }));
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { detail: 'no story has the key k' }]);
  expect((await post(async () => ({ isDone: false, isUnknown: false, message: 'it is the only one' }))).status).toBe(422);
  const locked = await post(async () => Promise.reject(new NewsfoldError('run/locked', 'a run is under way at host db.internal')));
  expect([locked.status, locked.headers.get('retry-after')]).toEqual([409, '10']);
  expect(await locked.text()).not.toContain('db.internal');
  const failed = await post(async () => Promise.reject(new Error('password=hunter2')));
  expect([failed.status, failed.headers.get('content-type')]).toEqual([500, 'application/problem+json; charset=utf-8']);
  expect(await failed.text()).not.toContain('hunter2');
});
