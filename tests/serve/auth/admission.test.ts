import type { Hono } from 'hono';
import { expect, test } from 'vitest';
import { makeClock, makeServer } from '../made-server.ts';

const basic = (password: string) => ({ authorization: `Basic ${btoa(`me:${password}`)}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function start() {
  const clock = makeClock();
  return { clock, app: makeServer({ clock, token: 'owner-token' }) };
}

/** Requests as a client at an address; feed `inner` has the token `secret`. */
function ask(app: Hono, path: string, headers: Record<string, string> = {}, { from = '192.0.2.1', method = 'GET' } = {}) {
  return app.request(path, { method, headers }, { incoming: { socket: { remoteAddress: from }, headers } });
}

const guesses: readonly (readonly [path: string, headers: Record<string, string>, method: string])[] = [
  ['/feeds/inner/?token=wrong', {}, 'GET'],
  ['/feeds/inner/', basic('wrong'), 'GET'],
  ['/feeds/inner.atom?token=wrong', {}, 'GET'],
  ['/feeds/inner/archive/1.atom', basic('wrong'), 'GET'],
  ['/stories/k/?token=wrong', {}, 'GET'],
  ['/sources/?token=wrong', {}, 'GET'],
  ['/api/v1/stories?token=wrong', {}, 'GET'],
  ['/api/v1/stories/k', bearer('wrong'), 'GET'],
  ['/api/v1/run', bearer('wrong'), 'POST'],
];

test.each(guesses)('lets a client guess ten times at %s with %j by %s, then once every six seconds', async (path, headers, method) => {
  const { app, clock } = start();
  for (let n = 0; n < 10; n++) expect((await ask(app, path, headers, { method })).status).not.toBe(429);
  const refused = await ask(app, path, headers, { method });
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('cache-control')]).toEqual([429, '6', 'no-store']);
  expect(refused.headers.get('content-type')).toBe(
    path.startsWith('/api/') ? 'application/problem+json; charset=utf-8' : 'text/plain; charset=UTF-8',
  );
  // A correct token is refused too, or guessing could go on.
  expect((await ask(app, '/feeds/inner.atom?token=secret')).status).toBe(429);
  expect((await ask(app, '/feeds/inner.atom', basic('secret'))).status).toBe(429);
  expect((await ask(app, '/api/v1/run', bearer('owner-token'), { method: 'POST' })).status).toBe(429);
  clock.pass(6);
  expect((await ask(app, '/feeds/inner.atom?token=secret')).status).toBe(200);
});

test('locks out no other client, nor one of the same address that was right before', async () => {
  const { app } = start();
  expect((await ask(app, '/feeds/inner.atom', basic('secret'))).status).toBe(200);
  for (let n = 0; n < 20; n++) await ask(app, `/feeds/inner/?token=wrong${n}`);
  expect((await ask(app, '/feeds/inner/?token=secret', {}, { from: '192.0.2.2' })).status).toBe(200);
  expect((await ask(app, '/feeds/inner.atom', basic('secret'))).status).toBe(200);
  expect((await ask(app, '/feeds/inner.atom?token=wrong', basic('secret'))).status).toBe(429);
  expect((await ask(app, '/feed.atom')).status).toBe(200);
});

test('shows public pages with any password, which a proxy may have asked for', async () => {
  const { app } = start();
  for (let n = 0; n < 20; n++)
    for (const path of ['/', '/feed.atom', '/sources/']) expect((await ask(app, path, basic('proxy'))).status).toBe(200);
});

test('counts neither correct nor unneeded credentials', async () => {
  const { app } = start();
  for (let n = 0; n < 30; n++) expect((await ask(app, '/feeds/inner.atom?token=secret')).status).toBe(200);
  for (let n = 0; n < 30; n++) expect((await ask(app, '/feeds/inner.atom')).status).toBe(401);
  const open = makeServer({ feeds: [] });
  for (let n = 0; n < 30; n++) expect((await ask(open, '/sources/?token=wrong', bearer('x'))).status).toBe(200);
});

test('without an owner token nobody is the owner, whatever token they send', async () => {
  const app = makeServer({ clock: makeClock(), token: null });
  for (const token of ['wrong', 'secret', 'null', 'undefined']) {
    const changed = await ask(app, '/api/v1/run', bearer(token), { method: 'POST' });
    expect(changed.status).toBeGreaterThanOrEqual(400);
    const own = await ask(app, '/api/v1/sources', bearer(token));
    const anonymous = await ask(app, '/api/v1/sources');
    expect(await own.text()).toBe(await anonymous.text());
  }
});
