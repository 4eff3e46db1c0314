import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { openSqlite } from '../src/store/engine/sqlite.ts';
import { openStore } from '../src/store/store.ts';
import { declare } from '../tests/support/bench.ts';
import { measureNewsfold } from './measure.ts';
import { startServe } from './serve-child.ts';
import { fillStore, SOURCES } from './story-store.ts';

/** Measures how the size of a store affects owner and readers: `node bench/scale.ts [SIZE …]`
 *  (10000 100000). For each size: a run with ten new entries in each of 100 feeds, and a run
 *  without news. Then start to first answer, searches, pages and memory of the server. All figures
 *  stand beside those of the smallest size. */
const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0) sizes.push(10_000, 100_000);
const FEEDS = 100;
const NEW = 10;

interface Figures {
  readonly run: number;
  readonly runMb: number;
  readonly idle: number;
  readonly start: number;
  readonly front: number;
  readonly deep: number;
  readonly common: number;
  readonly rare: number;
  readonly serveMb: number;
  readonly bytes: number;
}

function writeFeeds(folder: string, round: number): void {
  for (let n = 0; n < FEEDS; n++) {
    const items = Array.from({ length: NEW }, (_, index) => {
      const name = `${round}-${n}-${index}`;
      const words = Array.from({ length: 110 }, (__, at) => `w${(n * 7919 + index * 104_729 + round * 1_299_709 + at * 31) % 9973}`).join(
        ' ',
      );
      return `<item><title>Made entry ${name}</title><link>http://f${n}.test/${name}</link><guid>${name}</guid><description>${words}</description></item>`;
    });
    writeFileSync(
      join(folder, 'feeds', `f${n}.xml`),
      `<rss version="2.0"><channel><title>F${n}</title><link>http://f${n}.test/</link><description>d</description>${items.join('')}</channel></rss>`,
    );
  }
}

async function measureSize(size: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-scale-'));
  mkdirSync(join(folder, 'feeds'));
  const file = join(folder, 'newsfold.db');
  const store = await openStore(openSqlite(file));
  const declared = [...Array.from({ length: SOURCES }, (_, n) => `s${n}`), 'rare', 'none'];
  await store.bindSources(
    declared.map((id) => declare('feed', `https://${id}.test/feed`, { id })),
    new Date(),
  );
  await store.bindFeed('all', new Date());
  await store.close();
  fillStore(file, size);
  const config = ['--config', join(folder, 'newsfold.yaml')];
  writeFileSync(
    join(folder, 'newsfold.yaml'),
    `site: { title: Scale, url: "http://localhost:1" }\nstore: sqlite:newsfold.db\nsources: [{ file: "feeds/*.xml" }]\nfeeds: [{ slug: all, title: All }]\n`,
  );
  // The first run indexes words, lists the feed anew, and binds the files.
  for (const round of [1, 2]) {
    writeFeeds(folder, round);
    const { code, stderr } = await measureNewsfold('run', ...config);
    if (code !== 0) throw new Error(stderr);
  }
  writeFeeds(folder, 3);
  const run = await measureNewsfold('run', ...config);
  const idle = await measureNewsfold('run', ...config);
  const startedAt = performance.now();
  const server = await startServe(['--no-run', ...config]);
  const ask = async (path: string) => {
    const begun = performance.now();
    const { statusCode, body } = await request(server.url + path);
    await body.arrayBuffer();
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}`);
    return performance.now() - begun;
  };
  await ask('/feed.atom');
  const start = performance.now() - startedAt;
  const median = async (path: string) => {
    const times: number[] = [];
    for (let n = 0; n < 9; n++) times.push(await ask(path));
    return times.toSorted((a, b) => a - b)[4] ?? 0;
  };
  const figures = {
    run: run.cpuMs,
    runMb: run.rssMb,
    idle: idle.cpuMs,
    start,
    front: await median('/'),
    deep: await median('/?page=150'),
    common: await median('/?q=harbour'),
    rare: await median('/?q=zugzwang'),
    serveMb: server.readRss().mostMb,
    bytes: statSync(file).size,
  };
  await server.stop();
  rmSync(folder, { recursive: true });
  return figures;
}

let first: Figures | null = null;
for (const size of sizes) {
  const figures = await measureSize(size);
  first ??= figures;
  const base = first;
  const beside = (name: 'run' | 'idle' | 'start' | 'front' | 'deep' | 'common' | 'rare') =>
    `${figures[name].toFixed(0)} ms (${(figures[name] / base[name]).toFixed(2)})`;
  process.stdout.write(
    `${size} stories, ${(figures.bytes / 1e6).toFixed(0)} MB on disk: run with ${FEEDS * NEW} new entries ${beside('run')} CPU, ${figures.runMb.toFixed(0)} MB; with nothing new ${beside('idle')} CPU; start to first answer ${beside('start')}; front page ${beside('front')}, page 150 ${beside('deep')}, search for a common word ${beside('common')}, a rare one ${beside('rare')}; serve ${figures.serveMb.toFixed(0)} MB\n`,
  );
}
