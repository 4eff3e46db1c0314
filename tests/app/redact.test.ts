import { expect, test } from 'vitest';
import { createRedaction } from '../../src/app/redact.ts';
import { load } from '../support/config.ts';

const config = load(
  `server: { token: owner-token }
store: "postgres://me:p@ss/w0rd!@db.test/newsfold?password=other-word"
onProblem: { webhook: "https://hook.test/services/T000/s3cret" }
sources:
  - { feed: "https://a.test/feed" }
  - { feed: "https://user:userinfo@b.test/private/feed?key=1" }
  - { feed: "https://c.test/\${PATHKEY}/feed" }
  - { feed: "https://d.test/feed", headers: { X-Key: 'quoted "key"' }, auth: { user: u, password: "long word" } }
feeds:
  - { slug: all }
  - { slug: inner, private: true, token: feed-token }
`,
  { PATHKEY: 'path-key' },
);
const redact = createRedaction(config);

test.each([
  ['a plain line with https://a.test/feed and 12:30', 'a plain line with https://a.test/feed and 12:30'],
  ['GET /feeds/inner.atom?token=feed-token', 'GET /feeds/inner.atom?token=…'],
  ['https://x.test/feed?a=b&token=zzz, which failed', 'https://x.test/feed?…, which failed'],
  ['"url":"https://x.test/feed?a=b","n":1', '"url":"https://x.test/feed?…","n":1'],
  ['https://x.test/feed?…', 'https://x.test/feed?…'],
  ['https://me:zzz@x.test/feed', 'https://…@x.test/feed'],
  ['https://x.test/@someone', 'https://x.test/@someone'],
  ['postgres://a:b/c@d@host/db?sslpassword=x', 'postgres://…@host/db?…'],
  ['cannot use postgres://me:p@ss/w0rd!@db.test/newsfold?password=other-word', 'cannot use …'],
  ['password p@ss/w0rd! is wrong', 'password … is wrong'],
  ['Authorization: Bearer abcdef.ghi and Basic dXNlcjpwYXNz', 'Authorization: Bearer … and Basic …'],
  ['a bearer of news', 'a bearer of news'],
  ['POST /websub/callback/AbC_d-1 404', 'POST /websub/callback/… 404'],
  ['https://me.test/websub/callback/AbC_d-1', 'https://me.test/websub/callback/…'],
  ['no answer from https://b.test/private/feed', 'no answer from …'],
  ['open https://c.test/path-key/feed', 'open …'],
  [JSON.stringify({ sent: 'quoted "key"', password: 'long word', owner: 'owner-token' }), '{"sent":"…","password":"…","owner":"…"}'],
  ['POST https://hook.test/services/T000/s3cret', 'POST …'],
])('the line %s becomes %s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});
