import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Agent, request } from 'undici';

/** Measures answers during a run: a client asks a thousand times for /feed.atom while two feeds of
 *  10,000 entries are read and folded. A thousand requests after the run are the baseline of the
 *  same machine and minute. Milliseconds. */
const ENTRIES = 10_000;
const REQUESTS = 1000;
const main = resolve(import.meta.dirname, '../src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'newsfold-serve-'));
const words = 'harbour council votes seven four second slipway beside ice house ferry sails again tide mill lamp storm road'.split(' ');

function makeFeed(name: string, offset: number): string {
  const items = Array.from({ length: ENTRIES }, (_, index) => {
    const n = index + offset;
    const text = Array.from({ length: 60 }, (__, place) => words[(n * 7 + place * (1 + (n % 5))) % words.length]).join(' ');
    const date = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toUTCString();
    return `<item><title>Report number ${n} of the harbour</title><link>https://${name}.test/${n}</link><guid>https://${name}.test/${n}</guid><pubDate>${date}</pubDate><description>${text} ${n}</description></item>`;
  });
  return `<rss version="2.0"><channel><title>${name}</title><link>https://${name}.test/</link><description>d</description>${items.join('')}</channel></rss>`;
}

writeFileSync(join(folder, 'a.xml'), makeFeed('a', 0));
writeFileSync(join(folder, 'b.xml'), makeFeed('b', ENTRIES / 2));
writeFileSync(join(folder, 'newsfold.yaml'), 'site: { title: Bench }\nstore: sqlite:a.db\nsources:\n  - file: "*.xml"\n');
const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--config', join(folder, 'newsfold.yaml')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let printed = '';
let ranFor = 0;
const url = await new Promise<string>((done) => {
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    const found = / on (http:\/\/\S+)/.exec(printed);
    if (found) done(found[1] ?? '');
  });
});
const startedAt = performance.now();
const isRunning = () => {
  const isOver = printed.includes('Next runs');
  if (isOver && ranFor === 0) ranFor = performance.now() - startedAt;
  return !isOver;
};
const agent = new Agent({ connections: 4 });

async function measure(): Promise<{ times: number[]; during: number }> {
  const times: number[] = [];
  let during = 0;
  for (let n = 0; n < REQUESTS; n++) {
    if (isRunning()) during++;
    const start = performance.now();
    const answer = await request(`${url}/feed.atom`, { dispatcher: agent });
    await answer.body.arrayBuffer();
    times.push(performance.now() - start);
    await new Promise((next) => setTimeout(next, 4));
  }
  return { times: times.toSorted((a, b) => a - b), during };
}

const show = (name: string, { times, during }: { times: number[]; during: number }) => {
  const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
  process.stdout.write(
    `${name}: ${REQUESTS} requests, ${during} of them during the run: median ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms\n`,
  );
};
show('during', await measure());
while (isRunning()) await new Promise((next) => setTimeout(next, 100));
show('after', await measure());
process.stdout.write(`the run of ${2 * ENTRIES} entries took ${(ranFor / 1000).toFixed(1)} s\n`);
const ended = new Promise((done) => child.once('exit', done));
child.kill('SIGTERM');
await ended;
await agent.close();
rmSync(folder, { recursive: true });
