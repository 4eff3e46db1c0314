import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileAnswers } from '../tests/ingest/http/hostile-answers.ts';
import { hostileDocuments } from '../tests/ingest/http/hostile-documents.ts';
import { measureNewsfold, startHostileServer } from './measure.ts';

/** Shows each hostile server and document as a user sees it: `node bench/hostile.ts [WORD]`. WORD
 *  limits the cases to names that contain it. Each case has a run of its own with default settings,
 *  except a timeout of 5 s. Prints a Markdown table: output of `newsfold run`, peak memory of the
 *  whole process, seconds. Exit code 1 when a run crashes, takes over 30 s or over 400 MB. Linux
 *  only. */
const [word = ''] = process.argv.slice(2);
const LIMIT_MB = 400;
const LIMIT_SECONDS = 30;
const names = [...hostileAnswers, ...hostileDocuments].map(({ name }) => name).filter((name) => name.includes(word));
const print = (...cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);

async function play(name: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-hostile-'));
  const server = await startHostileServer(name);
  const [url = ''] = server.urls;
  const config = join(folder, 'newsfold.yaml');
  const settings = 'fetch: { allowPrivateAddresses: [127.0.0.0/8], timeout: 5s }';
  writeFileSync(config, `site: { title: Bench }\nstore: sqlite:newsfold.db\n${settings}\nsources:\n  - { id: hostile, feed: "${url}" }\n`);
  const { code, stdout, stderr, rssMb, seconds } = await measureNewsfold('run', '--config', config);
  await server.stop();
  rmSync(folder, { recursive: true });
  const problems = stderr.split('\n').filter((line) => line !== '');
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const counts = /(\d+) new entries/.exec(stdout)?.[1] ?? 'no';
  const said = code === 0 ? (problems[0] ?? `${counts} entries`) : `exit ${code}: ${problems[0] ?? ''}`;
  const shown = said
    .replace(/^problem hostile: /, '')
    .replaceAll(url.replace(/\/feed$/, ''), 'http://…')
    .replaceAll('|', '\\|')
    .slice(0, 170);
  print(name, shown + more, rssMb.toFixed(0), seconds.toFixed(1));
  return code === 0 && rssMb < LIMIT_MB && seconds < LIMIT_SECONDS;
}

print('case', 'what `newsfold run` says', 'peak MB', 's');
print('---', '---', '---:', '---:');
const failed: string[] = [];
for (const name of names) if (!(await play(name))) failed.push(name);
process.stdout.write(
  `${names.length} cases, ${failed.length} beyond ${LIMIT_MB} MB or ${LIMIT_SECONDS} s, or crashed: ${failed.join('; ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
