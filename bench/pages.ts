import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openSqlite } from '../src/store/engine/sqlite.ts';
import { openStore } from '../src/store/store.ts';
import { declare } from '../tests/support/bench.ts';
import { fillStore, SOURCES, START } from './story-store.ts';

/** Measures the cost of pages: `node bench/pages.ts [STORIES]` (100,000). Fills an SQLite store
 *  with generated stories of two kilobytes in one feed and serves it. Prints the median and the
 *  slowest of ROUNDS requests to each page, beside requests to /healthz. Also prints the time from
 *  the start to the first answer. */
const count = Number(process.argv[2] ?? 100_000);
const ROUNDS = 15;
const folder = mkdtempSync(join(tmpdir(), 'newsfold-pages-'));
const file = join(folder, 'newsfold.db');
const ids = [...Array.from({ length: SOURCES }, (_, n) => `s${n}`), 'rare', 'none'];
const store = await openStore(openSqlite(file));
await store.bindSources(
  ids.map((id) => declare('feed', `https://${id}.test/feed`, { id })),
  new Date(START),
);
await store.bindFeed('all', new Date(START));
fillStore(file, count);
while (await store.indexWords());
await store.publish(new Date(START), new Date(START));
await store.close();
const sources = ids.map((id) => `  - { id: ${id}, feed: "https://${id}.test/feed" }\n`).join('');
writeFileSync(
  join(folder, 'newsfold.yaml'),
  `site: { title: Bench }\nstore: sqlite:newsfold.db\nsources:\n${sources}feeds:\n  - { slug: all, title: All }\n`,
);

const main = resolve(import.meta.dirname, '../src/main.ts');
/** Starts the server and returns the milliseconds until it listens. Only the first start lists the
 *  feed anew. */
async function start() {
  const begun = performance.now();
  const child = spawn(process.execPath, [main, 'serve', '--no-run', '--port', '0', '--config', join(folder, 'newsfold.yaml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((done) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const found = / on (http:\/\/\S+)/.exec(printed);
      if (found) done(found[1] ?? '');
    });
  });
  await fetch(`${url}/feed.atom`).then((answer) => answer.arrayBuffer());
  const ended = new Promise((done) => child.once('exit', done));
  return { url, ms: performance.now() - begun, stop: () => (child.kill('SIGTERM'), ended) };
}

const first = await start();
await first.stop();
const server = await start();
process.stdout.write(
  `${count} stories; first answer ${server.ms.toFixed(0)} ms after the start (${first.ms.toFixed(0)} ms the first time)\n`,
);

async function measure(path: string) {
  const times: number[] = [];
  let bytes = 0;
  let status = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    const answer = await fetch(server.url + path, { headers: { 'accept-encoding': 'identity' } });
    bytes = (await answer.arrayBuffer()).byteLength;
    status = answer.status;
    times.push(performance.now() - begun);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[ROUNDS >> 1] ?? 0, slowest: sorted.at(-1) ?? 0, bytes, status };
}

const [story] = (await (await fetch(`${server.url}/api/v1/stories`)).json()) as { key: string }[];
const baseline = await measure('/healthz');
const pages: readonly (readonly [string, string])[] = [
  ['/healthz, the baseline', '/healthz'],
  ['front page', '/'],
  ['page 1,000', '/?page=1000'],
  ['stories of one source in 500', '/?source=s4'],
  ['search: a word of nearly all', '/?q=harbour'],
  ['search: a word of one in 1,000', '/?q=zugzwang'],
  ['search: a phrase of nearly all', '/?q=%22old+harbour+council%22'],
  ['search: a phrase that is nowhere, of frequent words', '/?q=%22harbour+the+old+council%22'],
  ['search: two Chinese characters', '/?q=%E4%B8%80%E4%B8%81'],
  ['search: a word that is nowhere', '/?q=xylophone'],
  ['a story', `/stories/${story?.key}/`],
  [`the sources (${ids.length})`, '/sources/'],
  ['/api/v1/stories', '/api/v1/stories'],
  ['/readyz', '/readyz'],
];
for (const [name, path] of pages) {
  const { median, slowest, bytes, status } = await measure(path);
  process.stdout.write(
    `${name.padEnd(52)} ${median.toFixed(1).padStart(7)} ms (slowest ${slowest.toFixed(1)}), ${(median / baseline.median).toFixed(0).padStart(4)} times; ${status}, ${bytes} bytes\n`,
  );
}
await server.stop();
rmSync(folder, { recursive: true });
