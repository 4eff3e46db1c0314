import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileAnswers } from '../tests/ingest/http/hostile-answers.ts';
import { hostileDocuments } from '../tests/ingest/http/hostile-documents.ts';
import { measureNewsfold, startFeedServer, startHostileServer } from './measure.ts';

/** Runs a thousand sources with default settings, of which one in ten hangs, fails or is hostile:
 *  `node bench/mixed.ts [COUNT]`. The run must end in time, read all good sources, and stay below
 *  400 MB. Exit code 1 when it does not. Linux only. */
const count = Number(process.argv[2] ?? 1000);
const bad = Math.floor(count / 10);
const LIMIT_MB = 400;
const LIMIT_SECONDS = 600;
const folder = mkdtempSync(join(tmpdir(), 'newsfold-mixed-'));
const feeds = await startFeedServer(count - bad);
const hostile = await startHostileServer(bad);
const names = [...hostileAnswers, ...hostileDocuments].map(({ name }) => name);
// Every tenth source, so that the run meets them from start to end.
const sources = feeds.urls.flatMap((url, n) => [
  ...(n % 9 === 0 && hostile.urls[n / 9] !== undefined ? [`  - { id: hostile-${n / 9}, feed: "${hostile.urls[n / 9]}" }`] : []),
  `  - { id: good-${n}, feed: "${url}" }`,
]);
const config = join(folder, 'newsfold.yaml');
const fetch = 'fetch: { allowPrivateAddresses: [127.0.0.0/8] }';
writeFileSync(config, `site: { title: Bench }\nstore: sqlite:newsfold.db\n${fetch}\nsources:\n${sources.join('\n')}\n`);
const measured = await measureNewsfold('run', '--json', '--config', config);
await feeds.stop();
await hostile.stop();
rmSync(folder, { recursive: true });
if (measured.code !== 0) throw new Error(`exit ${measured.code}: ${measured.stderr.slice(0, 1000)}`);

interface Report {
  readonly bySource: readonly { readonly source: string; readonly outcome: string; readonly entriesNew: number }[];
  readonly problems: readonly { readonly source: string; readonly code: string; readonly message: string }[];
}
const report = JSON.parse(measured.stdout) as Report;
const read = report.bySource.filter(({ source, outcome }) => source.startsWith('good-') && outcome === 'content').length;
const failed = report.bySource.filter(({ source, outcome }) => source.startsWith('hostile-') && outcome === 'failed').length;
const isGood = read === count - bad && measured.rssMb < LIMIT_MB && measured.seconds < LIMIT_SECONDS;
const codes = new Map<string, number>();
for (const { code } of report.problems) codes.set(code, (codes.get(code) ?? 0) + 1);
process.stdout.write(
  `${count} sources, ${bad} of them hanging, failing or hostile in ${Math.min(bad, names.length)} ways: ${read} of ${count - bad} good ones read, ${failed} bad ones failed, the others gave what could be read; ${measured.seconds.toFixed(0)} s (at most ${LIMIT_SECONDS}), ${(measured.cpuMs / 1000).toFixed(0)} s CPU, ${measured.rssMb.toFixed(0)} MB (at most ${LIMIT_MB})\n`,
);
process.stdout.write(`problems: ${[...codes].map(([code, times]) => `${code} ${times}`).join(', ')}\n`);
process.exitCode = isGood ? 0 : 1;
