import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ampersands, listHostileKinds, updates } from '../tests/support/hostile-kinds.ts';

/** Serves ten good sources beside hostile ones for some minutes: `node bench/hostile-serve.ts
 *  MINUTES [r1|r2|many|all] [COUNT]`. Every minute each good source has a new article and the
 *  hostile ones change. `r1` and `r2` are the two reproductions of the issue. `many` is COUNT
 *  documents (200) of as many kinds, up to 10 MB each. `all`, the default, is all of them. Prints a
 *  line each minute: deaths, memory, the answer of /readyz, the time of /healthz, and the seconds
 *  until good articles were published. Exit code 1 when the server ended, or an article was not
 *  published within five minutes. Linux only. */
const [minutes = '5', wanted = 'all', count = '200'] = process.argv.slice(2);
const MINUTE_MS = 60_000;
const PATIENCE_MS = 5 * MINUTE_MS;
const GOOD = 10;
const MOST_BYTES = 9_900_000;
const beganAt = Date.now();

const folder = mkdtempSync(join(tmpdir(), 'newsfold-hostile-serve-'));
mkdirSync(join(folder, 'feeds'));
const changing = [
  ...(wanted === 'many' || wanted === 'r2' ? [] : [ampersands]),
  ...(wanted === 'many' || wanted === 'r1' ? [] : [updates]),
];
const standing = wanted === 'many' || wanted === 'all' ? listHostileKinds(Number(count)) : [];
const write = (name: string, text: string) => writeFileSync(join(folder, 'feeds', name), text);
const writeHostile = (round: number) => {
  for (const [n, kind] of changing.entries()) write(`changing-${n}.xml`, kind.make(round, MOST_BYTES));
  // One in ten of the other sources changes with each round: reading all of them would take longer
  // than a minute.
  for (const [n, kind] of standing.entries())
    if (round === 0 || n % 10 === round % 10) write(`standing-${n}.xml`, kind.make(round, ((n % 10) + 1) * (MOST_BYTES / 10)));
};
const toGood = (source: number, round: number) => {
  const items = Array.from({ length: round + 1 }, (_, n) => round - n)
    .slice(0, 20)
    .map(
      (n) =>
        `<item><guid isPermaLink="false">good-${source}-${n}</guid><title>Good ${source} article ${n}</title><link>https://good-${source}.example/${n}</link><pubDate>${new Date(beganAt + n * MINUTE_MS).toUTCString()}</pubDate><description>${[1, 2, 3].map((word) => `Words ${source * 1000 + n * 7 + word} of their own about tea and ferries.`).join(' ')}</description></item>`,
    );
  return `<rss version="2.0"><channel><title>Good ${source}</title><link>https://good-${source}.example/</link>${items.join('')}</channel></rss>`;
};
writeHostile(0);
for (let n = 0; n < GOOD; n++) write(`good-${n}.xml`, toGood(n, 0));
const sources = readdirSync(join(folder, 'feeds')).map((name) => `  - { id: ${name.replace('.xml', '')}, file: feeds/${name} }`);
const config = join(folder, 'newsfold.yaml');
writeFileSync(
  config,
  `site: { title: Hostile, url: "http://localhost:1" }\nstore: sqlite:newsfold.db\nschedule: "* * * * *"\nfeeds: [{ slug: all, title: All, limit: 500, maxPerSource: 3 }]\nsources:\n${sources.join('\n')}\n`,
);

const child = spawn(process.execPath, [resolve(import.meta.dirname, '../src/main.ts'), 'serve', '--port', '0', '--config', config], {
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, NO_COLOR: '1' },
});
let [printed, complained] = ['', ''];
/** Reason for which the server ended, and whether the bench had asked for it. */
const state: { ended: string | null; isOver: boolean } = { ended: null, isOver: false };
child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
child.once('exit', (code, signal) => (state.ended = String(signal ?? code)));
while (!/ on (http:\/\/\S+)/.test(printed) && state.ended === null) await setTimeout(100);
const url = / on (http:\/\/\S+)/.exec(printed)?.[1] ?? '';
const startedAt = performance.now();
const seconds = (since: number) => Math.round((performance.now() - since) / 100) / 10;

/** Returns the resident memory of the server and of each of its processes, MB. */
function readMemory(): readonly number[] {
  const rssOf = (pid: number) => Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => pid !== '');
  return [child.pid ?? 0, ...children.map(Number)].flatMap((pid) => {
    try {
      return rssOf(pid);
    } catch {
      // The process has ended meanwhile.
      return [];
    }
  });
}

const health: number[] = [];
const waiting = new Map<string, number>();
const delays: number[] = [];
let peak = 0;
const ask = async (path: string) => fetch(url + path, { signal: AbortSignal.timeout(30_000) }).catch(() => null);

async function probe(): Promise<void> {
  while (!state.isOver && state.ended === null) {
    const since = performance.now();
    await (await ask('/healthz'))?.text();
    health.push(performance.now() - since);
    peak = Math.max(
      peak,
      readMemory().reduce((sum, mb) => sum + mb, 0),
    );
    await setTimeout(200);
  }
}

async function watchFeed(): Promise<void> {
  while (!state.isOver && state.ended === null) {
    const text = (await (await ask('/feed.atom'))?.text()) ?? '';
    for (const [title, since] of waiting)
      if (text.includes(`>${title}<`)) {
        delays.push(seconds(since));
        waiting.delete(title);
      }
    await setTimeout(1000);
  }
}

const going = [probe(), watchFeed()];
const print = (...cells: readonly (string | number)[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
process.stdout.write(`${changing.length + standing.length} hostile and ${GOOD} good sources, ${minutes} minutes: ${url}\n`);
print(
  'minute',
  'deaths',
  'MB of each process',
  'most MB in all',
  '/readyz',
  '/healthz p50, p95, most ms',
  'published after s (median, most)',
  'waiting',
);
print(...Array.from({ length: 8 }, () => '---'));
let isLate = false;
const quantile = (list: readonly number[], share: number) =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
for (let round = 1; round <= Number(minutes) && state.ended === null; round++) {
  for (let n = 0; n < GOOD; n++) {
    write(`good-${n}.xml`, toGood(n, round));
    waiting.set(`Good ${n} article ${round}`, performance.now());
  }
  writeHostile(round);
  const until = startedAt + round * MINUTE_MS;
  while (performance.now() < until && state.ended === null) await setTimeout(200);
  if (state.ended !== null) break;
  const ready = await ask('/readyz');
  const said = `${ready?.status ?? 'no answer'} ${(await ready?.text())?.trim().replaceAll('\n', '; ').slice(0, 120) ?? ''}`;
  isLate ||= [...waiting.values()].some((since) => performance.now() - since > PATIENCE_MS);
  print(
    round,
    complained.split('a thread has died').length - 1,
    readMemory().join(' + '),
    peak,
    said,
    [0.5, 0.95, 1].map((share) => quantile(health, share).toFixed(0)).join(', '),
    `${quantile(delays, 0.5)}, ${quantile(delays, 1)} (${delays.length})`,
    waiting.size,
  );
  [health.length, delays.length, peak] = [0, 0, 0];
}
state.isOver = true;
const whole = state.ended;
child.kill('SIGTERM');
await Promise.all(going);
while (state.ended === null) await setTimeout(100);
const [deaths, runs] = [complained.split('a thread has died').length - 1, printed.split(/\d+ sources: /).length - 1];
process.stdout.write(
  `${deaths} deaths of threads, ${runs} runs, ${whole === null ? 'the server was there to the end' : `the server ended (${whole})`}\n`,
);
writeFileSync(join(tmpdir(), 'newsfold-hostile-serve.log'), `${printed}\n${complained}`);
rmSync(folder, { recursive: true });
process.exitCode = whole !== null || isLate ? 1 : 0;
