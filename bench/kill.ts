import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Kills runs at random row counts, and compares the documents of the next run with those of an
 *  uninterrupted one. `node bench/kill.ts [ROUNDS] [SIGKILL|SIGTERM] [SEED] [keep]`; with `keep`
 *  half of the entries are pruned at once. Exit code 1 when a document differs or a store is
 *  damaged. */
const rounds = Number(process.argv[2] ?? 20);
const signal = (process.argv[3] ?? 'SIGKILL') as 'SIGKILL' | 'SIGTERM';
const seed = Number(process.argv[4] ?? 4711);
const hasKeep = process.argv[5] === 'keep';
const main = resolve(import.meta.dirname, '../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'newsfold-kill-'));
const ENTRIES = 600;

let state = seed;
const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
const words = 'harbour council votes seven four second slipway beside ice house ferry sails again tide mill lamp storm road'.split(' ');

function makeFeed(name: string, offset: number): string {
  const items = Array.from({ length: ENTRIES }, (_, index) => {
    const n = index + offset;
    const text = Array.from({ length: 40 }, (__, at) => words[(n * 7 + at * (1 + (n % 5))) % words.length]).join(' ');
    const date = new Date(Date.UTC(2026, 0, 1) + n * 600_000).toUTCString();
    return `<item><title>Report number ${n} of the harbour</title><link>https://${name}.test/${n}</link><guid>https://${name}.test/${n}</guid><pubDate>${date}</pubDate><description>${text} ${n}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>${name}</title><link>https://${name}.test/</link><description>d</description>${items.join('')}</channel></rss>`;
}

const newsfold = (at: string, ...args: string[]) =>
  spawnSync(process.execPath, [main, ...args, '--config', join(at, 'newsfold.yaml')], { encoding: 'utf8' });
const documents = (at: string) => {
  rmSync(join(at, 'out'), { recursive: true, force: true });
  newsfold(at, 'build', join(at, 'out'));
  return (
    readdirSync(join(at, 'out'), { recursive: true, encoding: 'utf8' })
      // The list of built files has hashes of pages, which show when sources were polled.
      .filter((name) => /\.(atom|rss|json|opml)$/.test(name) && !name.startsWith('.'))
      // The program removes empty archives only as time permits.
      .filter((name) => !hasKeep || !name.includes('archive'))
      .toSorted()
      .map((name) => `${name} ${readFileSync(join(at, 'out', name), 'utf8')}`)
      .join('\n')
  );
};

/** Counts the rows that a run writes, stage by stage: entries, placements, settled stories. */
const ROWS =
  'SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM story_entry) + (SELECT count(*) FROM story WHERE settled_at IS NOT NULL) + 4 * (SELECT count(*) FROM pruned) AS n';
const count = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return Number(database.prepare(ROWS).get()?.['n'] ?? 0);
  } finally {
    database.close();
  }
};

const base = join(folder, 'base');
mkdirSync(join(base, 'feeds'), { recursive: true });
for (const [index, name] of ['alpha', 'beta', 'gamma'].entries())
  writeFileSync(join(base, 'feeds', `${name}.xml`), makeFeed(name, index * 200));
writeFileSync(
  join(base, 'newsfold.yaml'),
  `site: { title: Kill }\nstore: sqlite:store.db\n${hasKeep ? 'keep: { perSource: 300 }\n' : ''}sources:\n  - file: "feeds/*.xml"\nfeeds:\n  - { slug: all, limit: ${hasKeep ? 50 : 1000} }\n  - { slug: short, limit: 20 }\n`,
);
// An opened store before any run: all copies have the same namespace, so ids can be compared.
newsfold(base, 'build', join(base, 'out'));
const whole = join(folder, 'whole');
cpSync(base, whole, { recursive: true });
newsfold(whole, 'run');
const expected = documents(whole);
const rows = count(join(whole, 'store.db'));

async function kill(at: string): Promise<number> {
  const path = join(at, 'store.db');
  const target = Math.floor(random() * rows);
  const child = spawn(process.execPath, [main, 'run', '--config', join(at, 'newsfold.yaml')], { stdio: 'ignore' });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const database = new DatabaseSync(path, { readOnly: true });
  const ask = database.prepare(ROWS);
  const timer = setInterval(() => {
    if (Number(ask.get()?.['n']) < target) return;
    clearInterval(timer);
    child.kill(signal);
  }, 1);
  await ended;
  clearInterval(timer);
  const reached = Number(ask.get()?.['n']);
  database.close();
  return reached;
}

let wrong = 0;
let cut = 0;
for (let round = 0; round < rounds; round++) {
  const at = join(folder, 'round');
  rmSync(at, { recursive: true, force: true });
  cpSync(base, at, { recursive: true });
  const reached = await kill(at);
  if (reached < rows) cut++;
  const next = newsfold(at, 'run', '--json');
  const database = new DatabaseSync(join(at, 'store.db'));
  const integrity = String(database.prepare('PRAGMA integrity_check').get()?.['integrity_check']);
  database.close();
  const isSame = documents(at) === expected && count(join(at, 'store.db')) === rows;
  if (isSame && integrity === 'ok' && next.status === 0) continue;
  wrong++;
  process.stdout.write(
    `round ${round}: killed at ${reached} of ${rows} rows: same documents ${isSame}, integrity ${integrity}, exit ${next.status} ${next.stderr.slice(0, 300)}\n`,
  );
}
rmSync(folder, { recursive: true });
process.stdout.write(
  `${signal} ${rounds} times (seed ${seed}), ${cut} of them inside the run of ${rows} rows: ${wrong} differ from an uninterrupted run\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
