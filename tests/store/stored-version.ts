import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DatabaseSync } from 'node:sqlite';
import type { App } from '../../src/app/app.ts';
import type { StateRow } from '../../src/ports/store/transfer.ts';
import { startLoopback } from '../support/loopback.ts';
import { all, parseStrictly, textAt } from '../support/strict-xml.ts';

const stores = join(import.meta.dirname, '../data/stores');
/** Placeholders in fixtures for the folder and the HTTP server that they were made with. */
export const PLACES = { folder: '/made/at/another/place', origin: 'http://made-at.test' };

/** The facts of one document: id, `published` and `updated` of each entry, and the ids of its
 *  tombstones. */
export interface Published {
  readonly entries: readonly (readonly [id: string, published: string | null, updated: string | null])[];
  readonly gone: readonly string[];
}

/** The documents of a store of an older version, and its owner's decisions. */
export interface Facts {
  /** Documents and archives by path. */
  readonly documents: Readonly<Record<string, Published>>;
  /** Output of `explain --json` for each story, by key. */
  readonly explained: Readonly<Record<string, object>>;
  /** Keys of stories and entries in the owner's corrections. */
  readonly corrected: { readonly apart: readonly [string, string]; readonly hidden: string };
}

/** Opens a folder with the content of one stage of the fixtures, and a real server for its HTTP
 *  sources. */
export async function openContent(stage: 'before' | 'now') {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-stored-'));
  const server = await startLoopback();
  const put = (from: 'before' | 'now') => {
    const content = join(stores, 'content', from);
    rmSync(join(folder, 'articles'), { recursive: true, force: true });
    for (const name of readdirSync(content)) if (name !== 'http') cpSync(join(content, name), join(folder, name), { recursive: true });
    const page = (name: string) => readFileSync(join(content, 'http', name), 'utf8').replaceAll('$ORIGIN', server.origin);
    server.answer('/journal.xml', 200, { 'content-type': 'application/rss+xml', etag: `"${from}"` }, page('journal.xml'));
    server.answer('/museum.xml', 200, { 'content-type': 'application/rss+xml' }, page('museum.xml'));
    server.answer('/museum/', 200, { 'content-type': 'text/html' }, page('museum.html'));
  };
  server.answer('/hub', 202);
  put(stage);
  const config = join(folder, 'newsfold.yaml');
  writeFileSync(config, readFileSync(join(stores, 'content/newsfold.yaml'), 'utf8').replaceAll('$ORIGIN', server.origin));
  return {
    folder,
    server,
    config,
    put,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Copies the store and the export of an older version, beside the content of that time. */
export async function openVersion(version: string) {
  const content = await openContent('now');
  const { folder, server } = content;
  const made = (name: string) => readFileSync(join(stores, version, name));
  const store = join(folder, 'store.db');
  const exported = join(folder, 'export.jsonl');
  writeFileSync(store, gunzipSync(made('store.db.gz')));
  moveStore(store, [PLACES.folder, folder], [PLACES.origin, server.origin]);
  const lines = gunzipSync(made('export.jsonl.gz')).toString().replaceAll(PLACES.folder, folder).replaceAll(PLACES.origin, server.origin);
  writeFileSync(exported, lines);
  const rows = () =>
    lines
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line) as StateRow);
  return { ...content, exported, rows, facts: JSON.parse(made('facts.json').toString()) as Facts };
}

/** Replaces folder and origin in every text of a store, as if it had been made there. */
export function moveStore(file: string, ...places: readonly (readonly [from: string, to: string])[]): void {
  const database = new DatabaseSync(file);
  for (const table of ['source', 'poll', 'page', 'host', 'run', 'websub_subscription', 'push_subscription', 'push_hint']) {
    const columns = database.prepare(`select name from pragma_table_info('${table}') where type = 'text' collate nocase`).all();
    for (const { name } of columns)
      for (const [from, to] of places)
        database.prepare(`update ${table} set ${String(name)} = replace(${String(name)}, ?, ?)`).run(from, to);
  }
  database.exec('vacuum; pragma wal_checkpoint(truncate); pragma journal_mode = delete');
  database.close();
}

/** Returns the facts of every document and archive of a site, including private feeds. */
export async function readAll(app: App): Promise<Record<string, Published>> {
  const documents: Record<string, Published> = {};
  const add = (path: string, { bytes }: { readonly bytes: Uint8Array }) =>
    (documents[path] = readPublished(new TextDecoder().decode(bytes)));
  for (const feed of app.config.feeds) {
    for (const document of await app.renderFeed(feed)) add(`${feed.slug}.${document.format}`, document);
    for (const n of await app.listArchives(feed)) {
      const archive = await app.renderArchive(feed, n);
      if (archive) add(`${feed.slug}/archive/${n}`, archive);
    }
  }
  return documents;
}

function readPublished(text: string): Published {
  if (text.startsWith('{')) {
    const { items } = JSON.parse(text) as { items: { id: string; date_published?: string; date_modified?: string }[] };
    return { entries: items.map((item) => [item.id, item.date_published ?? null, item.date_modified ?? null]), gone: [] };
  }
  const root = parseStrictly(text);
  const channel = all(root, 'channel')[0];
  if (channel)
    return {
      entries: all(channel, 'item').map((item) => [textAt(item, 'guid') ?? '', textAt(item, 'pubDate'), textAt(item, 'atom:updated')]),
      gone: [],
    };
  return {
    entries: all(root, 'entry').map((entry) => [textAt(entry, 'id') ?? '', textAt(entry, 'published'), textAt(entry, 'updated')]),
    gone: all(root, 'at:deleted-entry').map(({ attributes }) => attributes['ref'] ?? ''),
  };
}
