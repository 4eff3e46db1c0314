import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import Parser from 'rss-parser';
import { Agent, request } from 'undici';

/** Baseline of bench/poll.ts in a process of its own: `node bench/poll-baseline.ts cold|unchanged
 *  URLS.json COUNT STORE`. `cold`: undici reads the URLs, rss-parser parses them, node:sqlite
 *  stores each item as a row. `unchanged`: undici asks again with the validators that `cold` left
 *  in URLS.json. */
const [kind, list = '', count = '0', file = ''] = process.argv.slice(2);
const sources = (JSON.parse(readFileSync(list, 'utf8')) as { url: string; etag?: string; lastModified?: string }[]).slice(0, Number(count));
const dispatcher = new Agent({ connections: 2 });
const queue = [...sources];

async function readAll(database: DatabaseSync): Promise<void> {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec(
    'CREATE TABLE entry (no INTEGER PRIMARY KEY, url TEXT, guid TEXT, title TEXT, link TEXT, date TEXT, content TEXT, UNIQUE (url, guid))',
  );
  const insert = database.prepare('INSERT INTO entry (url, guid, title, link, date, content) VALUES (?, ?, ?, ?, ?, ?)');
  await inParallel(async (source) => {
    const answer = await request(source.url, { dispatcher });
    const feed = await new Parser().parseString(await answer.body.text());
    Object.assign(source, { etag: answer.headers['etag'], lastModified: answer.headers['last-modified'] });
    database.exec('BEGIN');
    for (const item of feed.items) {
      const said = item as { id?: string; 'content:encoded'?: string };
      insert.run(
        source.url,
        item.guid ?? said.id ?? '',
        item.title ?? '',
        item.link ?? '',
        item.isoDate ?? '',
        said['content:encoded'] ?? item.content ?? '',
      );
    }
    database.exec('COMMIT');
  });
  writeFileSync(list, JSON.stringify(sources));
}

async function askAgain(): Promise<void> {
  await inParallel(async ({ url, etag = '', lastModified = '' }) => {
    const answer = await request(url, { dispatcher, headers: { 'if-none-match': etag, 'if-modified-since': lastModified } });
    if (answer.statusCode !== 304) throw new Error(`${url} answered ${answer.statusCode}`);
    await answer.body.dump();
  });
}

async function inParallel(work: (source: (typeof sources)[number]) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let source = queue.shift(); source; source = queue.shift()) await work(source);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
}

if (kind === 'cold') await readAll(new DatabaseSync(file));
else await askAgain();
await dispatcher.close();
