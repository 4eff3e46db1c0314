import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { measure, type Measured, measureNewsfold, startFeedServer } from './measure.ts';

/** Measures a cold run and runs of nothing but 304 over generated feeds on loopback: `node
 *  bench/poll.ts [COUNT]`. The bare libraries run in the same minutes (docs/design.md §96). Prints
 *  CPU seconds of whole processes; machines are noisy, ratios less so. Linux only. */
const count = Number(process.argv[2] ?? 1000);
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), 'newsfold-poll-'));
const baseline = resolve(import.meta.dirname, 'poll-baseline.ts');
const server = await startFeedServer(count);
const list = join(folder, 'urls.json');
writeFileSync(list, JSON.stringify(server.urls.map((url) => ({ url }))));
const config = join(folder, 'newsfold.yaml');
const sources = server.urls.map((url, n) => `  - { id: source-${n}, feed: "${url}", interval: 0s }`);
writeFileSync(
  config,
  `site: { title: Bench }\nstore: sqlite:newsfold.db\nfetch: { allowPrivateAddresses: [127.0.0.0/8] }\nsources:\n${sources.join('\n')}\n`,
);

const print = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (measured: Measured) =>
  `${(measured.cpuMs / 1000).toFixed(1)} s CPU, ${measured.seconds.toFixed(1)} s, ${measured.rssMb.toFixed(0)} MB`;
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const run = async (...args: readonly string[]) => {
  const measured = await measureNewsfold('run', '--json', '--config', config, ...args);
  if (measured.code !== 0) throw new Error(measured.stderr.slice(0, 500));
  return { measured, report: JSON.parse(measured.stdout) as Record<string, number> };
};

print(`${count} feeds, ${(server.bytes / 1e6).toFixed(0)} MB, concurrency 20`);
const bare = await measure(baseline, ['cold', list, String(count), join(folder, 'bare.db')]);
const cold = await run();
print(`cold, undici + rss-parser + node:sqlite: ${seconds(bare)}`);
print(
  `cold, newsfold run: ${seconds(cold.measured)}; ${cold.report['entriesNew']} entries, ${cold.report['folded']} folded, ${cold.report['failed']} failed; ratio of CPU ${(cold.measured.cpuMs / bare.cpuMs).toFixed(1)}`,
);

const bareUnchanged: number[] = [];
const unchanged: number[] = [];
let last = cold;
for (let round = 0; round < ROUNDS; round++) {
  const bareFew = await measure(baseline, ['unchanged', list, '1']);
  const bareAll = await measure(baseline, ['unchanged', list, String(count)]);
  bareUnchanged.push((bareAll.cpuMs - bareFew.cpuMs) / (count - 1));
  const few = await run('--source', 'source-0');
  last = await run();
  unchanged.push((last.measured.cpuMs - few.measured.cpuMs) / (count - 1));
  print(
    `round ${round + 1}: start-up with one source ${seconds(few.measured)}; all of them ${seconds(last.measured)}; ${last.report['notModified']} not modified`,
  );
}
print(
  `304, CPU a source beyond start-up, median of ${ROUNDS}: undici alone ${median(bareUnchanged).toFixed(2)} ms, newsfold ${median(unchanged).toFixed(2)} ms, ratio ${(median(unchanged) / median(bareUnchanged)).toFixed(1)}`,
);
await server.stop();
rmSync(folder, { recursive: true });
