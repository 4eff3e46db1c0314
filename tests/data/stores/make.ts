/** Makes the fixtures of one version: node tests/data/stores/make.ts CHECKOUT. README.md beside
 *  this file says what it does. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { App, openApp as Open } from '../../../src/app/app.ts';
import { moveStore, openContent, PLACES, readAll } from '../../store/stored-version.ts';
import type { Facts, Published } from '../../store/stored-version.ts';

const [checkout = ''] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
await using content = await openContent('before');
const main = [join(checkout, 'src/main.ts')];

const run = promisify(execFile);
const newsfold = async (...args: string[]) => {
  const { stdout, stderr } = await run(process.execPath, [...main, ...args, '--config', content.config]);
  process.stdout.write(`newsfold ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
};
interface Story {
  readonly key: string;
  readonly title: string;
  readonly entries: number;
}
const stories = async () => (await newsfold('stories', '--json')).trim().split('\n').map((line) => JSON.parse(line) as Story);
const find = async (title: RegExp, entries: number) => {
  const story = (await stories()).find((one) => title.test(one.title) && one.entries === entries);
  if (!story) throw new Error(`no story ${String(title)} of ${entries}`);
  return story.key;
};
const withApp = async (work: (app: App) => Promise<void>) => {
  // Versions up to 0.1.1 have the file beside main.ts.
  const file = [join(checkout, 'src/app/app.ts'), join(checkout, 'src/app.ts')].find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${checkout} is not a checkout of Newsfold`);
  const { openApp } = (await import(pathToFileURL(file).href)) as { openApp: typeof Open };
  const app = await openApp(content.config, 'build');
  await work(app);
  await app.close();
};
/** The program's own documents and archives, private ones too. */
const readDocuments = async () => {
  const documents: Record<string, Published> = {};
  await withApp(async (app) => void Object.assign(documents, await readAll(app)));
  return documents;
};

await newsfold('run');
// Two entries that fold are set apart, the third story of two sources stays; an entry is hidden.
const mill = await find(/mill/, 2);
const { members } = JSON.parse(await newsfold('explain', mill, '--json')) as { members: { source: string; url: string }[] };
const courier = /entry (\S+),/.exec((await newsfold('explain', mill)).split(/^ {2}courier/m)[1] ?? '')?.[1] ?? '';
if (members.length !== 2 || courier === '') throw new Error('the mill did not fold');
await newsfold('split', mill, courier);
const hidden = await find(/rumour/, 1);
await newsfold('hide', hidden);
const apart = await find(/mill/, 1).then(async (first) => [first, (await stories()).find((one) => /mill/.test(one.title) && one.key !== first)?.key ?? '']);
// Archives are made when they are asked for.
await readDocuments();
content.put('now');
await newsfold('run', '--accept-deletions');

await withApp(async ({ store }) => {
  // A reader has subscribed to the hub: as the hub notes it once the reader has agreed.
  // Bounds that later versions have beside.
  const later = { intentsPerClient: 9, intentsPerSite: 9, subscriptionsPerClient: 9, subscriptionsPerSite: 9, subscriptionsPerAddress: 9 };
  const limits = { subscriptions: 9, subscriptionsPerHost: 9, intents: 9, intentsPerHost: 9, ...later };
  const topic = 'https://planet.test/feed.atom';
  const asked = { mode: 'subscribe', topic, callback: 'https://reader.test/callback', host: 'reader.test', secret: 'reader-secret' } as const;
  const now = new Date();
  await store.saveHubIntent({ ...asked, id: 'c'.repeat(64), leaseSeconds: 864_000, seq: 1, attempts: 0, askedAt: now }, limits);
  const [intent] = await store.claimHubIntents(now, new Date(now.getTime() + 60_000), 1);
  if (!intent) throw new Error('the reader has not asked');
  await store.endHubIntent(intent, { kind: 'subscribed', expiresAt: new Date('2099-01-01T00:00:00Z') });
});

const explained: Record<string, object> = {};
for (const { key } of await stories()) explained[key] = JSON.parse(await newsfold('explain', key, '--json')) as object;
const facts: Facts = { documents: await readDocuments(), explained, corrected: { apart: apart as [string, string], hidden } };
const storeFile = join(content.folder, 'store.db');
const exported = join(content.folder, 'export.jsonl');
await newsfold('export', exported);
const places = [
  [content.folder, PLACES.folder],
  [content.server.origin, PLACES.origin],
] as const;
moveStore(storeFile, ...places);
const target = join(import.meta.dirname, version);
mkdirSync(target, { recursive: true });
const lines = places.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(exported, 'utf8'));
writeFileSync(join(target, 'store.db.gz'), gzipSync(readFileSync(storeFile), { level: 9 }));
writeFileSync(join(target, 'export.jsonl.gz'), gzipSync(lines, { level: 9 }));
writeFileSync(join(target, 'facts.json'), `${JSON.stringify(facts, null, 1)}\n`);
