import { expect, test } from 'vitest';
import type { HubAnswer, SubscriptionRequest } from '../../../src/model/hub.ts';
import { makeServer } from '../made-server.ts';

const form = {
  'hub.mode': 'subscribe',
  'hub.topic': 'https://planet.example.com/feed.atom',
  'hub.callback': 'https://reader.example/cb?a=1',
};

function makeHub(answer: HubAnswer = { kind: 'accepted' }) {
  const asked: SubscriptionRequest[] = [];
  const app = makeServer({
    askHub: async (request) => {
      asked.push(request);
      return answer;
    },
  });
  const post = async (said: Readonly<Record<string, string>>, init: RequestInit = {}) =>
    app.request('/websub', { method: 'POST', body: new URLSearchParams({ ...form, ...said }), ...init });
  return { app, asked, post };
}

test('WebSub: a request is passed on unchanged and answered 202', async () => {
  const { post, asked } = makeHub();
  expect((await post({})).status).toBe(202);
  expect((await post({ 'hub.mode': 'unsubscribe', 'hub.secret': 'ß'.repeat(99), 'hub.lease_seconds': '60', 'hub.more': 'x' })).status).toBe(
    202,
  );
  const { 'hub.topic': topic, 'hub.callback': callback } = form;
  expect(asked).toEqual([
    { mode: 'subscribe', topic, callback, secret: null, leaseSeconds: null, client: 'unknown' },
    { mode: 'unsubscribe', topic, callback, secret: 'ß'.repeat(99), leaseSeconds: 60, client: 'unknown' },
  ]);
});

test.each<[fault: string, said: Record<string, string>]>([
  ['an unknown mode', { 'hub.mode': 'publish' }],
  ['no mode', { 'hub.mode': '' }],
  ['no topic', { 'hub.topic': '' }],
  ['a topic of many pages', { 'hub.topic': `https://planet.example.com/${'x'.repeat(2000)}` }],
  ['no callback', { 'hub.callback': '' }],
  ['a callback that is no address', { 'hub.callback': '/cb' }],
  ['a callback of another scheme', { 'hub.callback': 'gopher://reader.example/' }],
  ['a callback with a password', { 'hub.callback': 'https://a:b@reader.example/' }],
  ['a callback with a fragment', { 'hub.callback': 'https://reader.example/#x' }],
  ['a callback with a line end', { 'hub.callback': 'https://reader.example/\r\nx: y' }],
  ['a callback of many pages', { 'hub.callback': `https://reader.example/${'x'.repeat(2000)}` }],
  ['a secret of 200 bytes', { 'hub.secret': 'ß'.repeat(100) }],
  ['a lease that is no number', { 'hub.lease_seconds': '1e9' }],
  ['a lease below nothing', { 'hub.lease_seconds': '-1' }],
])('WebSub: %s is answered 400 with the reason, and not passed on', async (_fault, said) => {
  const { post, asked } = makeHub();
  const answer = await post(said);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toMatch(/^hub\.\w+ must .+\n$/);
  expect(asked).toEqual([]);
});

test('WebSub: a body that is no form, or too long, is refused', async () => {
  const { app, post } = makeHub();
  expect((await app.request('/websub', { method: 'POST', body: 'x', headers: { 'content-type': 'text/xml' } })).status).toBe(415);
  expect((await app.request('/websub', { method: 'POST' })).status).toBe(415);
  expect((await post({ 'hub.more': 'x'.repeat(20_000) })).status).toBe(413);
  const get = await app.request('/websub');
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
});

test('WebSub: a refusal has its status and reason; a full hub says when to come again', async () => {
  for (const status of [403, 404, 503] as const) {
    const answer = await makeHub({ kind: 'refused', status, reason: 'So it is.' }).post({});
    expect([answer.status, await answer.text()]).toEqual([status, 'So it is.\n']);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '3600' : null);
  }
});

test('WebSub: the requests of one client are limited an hour', async () => {
  const { post, asked } = makeHub();
  for (let n = 0; n < 600; n++) await post({});
  const answer = await post({});
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(asked).toHaveLength(600);
});

test('WebSub: without a hub of our own its address answers 404', async () => {
  const app = makeServer({ hubUrl: 'https://hub.example/' });
  expect((await app.request('/websub', { method: 'POST', body: new URLSearchParams(form) })).status).toBe(405);
  expect((await app.request('/websub')).status).toBe(404);
});
