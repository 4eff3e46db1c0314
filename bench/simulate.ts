import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { startPostgres } from '../tests/support/postgres.ts';
import { prepareDatabases } from '../tests/support/world/databases.ts';
import { toTest, tryWorld, wrongs } from '../tests/support/world/histories.ts';
import { noCounts } from '../tests/support/world/life.ts';
import { openFiles } from '../tests/support/world/places.ts';

// node bench/simulate.ts SEED POLLS: lives through small worlds, the first of SEED, until POLLS
// sources were polled. It prints each failure as the code of a test, shrunk.

// Option --first ends at the first failure, without shrinking it. Option --most N ends after N
// failures. Option --without NAME leaves out a misbehaviour or a kind of them, and may be repeated.
// Option --postgres stores worlds in PostgreSQL, and their twins in SQLite.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    first: { type: 'boolean', default: false },
    most: { type: 'string', default: '20' },
    postgres: { type: 'boolean', default: false },
    without: { type: 'string', multiple: true, default: [] },
  },
});
const [seed = 1, wanted = 10_000] = positionals.map(Number);
const most = values.first ? 1 : Number(values.most);

// The program watches its memory, and collects garbage when the process is large. One process with
// hundreds of worlds is large for no reason of the program's.
process.memoryUsage.rss = () => 0;
await using server = values.postgres ? await startPostgres() : null;
const open = server === null ? openFiles : await prepareDatabases(server);
const start = performance.now();
const total = { ...noCounts };
let [worlds, failures] = [0, 0];
const made = new Map<string, number>();
for (; total.polls < wanted && failures < most; worlds++) {
  const trial = { shrinkMs: values.first ? 0 : 30_000, without: values.without, open };
  const { counts, moves, failure } = await tryWorld(seed + worlds, trial);
  for (const name of ['runs', 'polls', 'kills', 'twins', 'doubts'] as const) total[name] += counts[name];
  for (const [name, count] of moves) made.set(name, (made.get(name) ?? 0) + count);
  if (worlds % 500 === 499) console.error(`${worlds + 1} worlds, ${total.polls} polls, ${failures} failures`);
  if (failure === null) continue;
  failures++;
  console.log(`${toTest(failure, `simulator: seed ${seed + worlds}`)}\n${failure.message}\n`);
}
const seconds = (performance.now() - start) / 1000;
const { runs, polls, kills, twins, doubts } = total;
const planted = [...made.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `seeds ${seed} to ${seed + worlds - 1}: ${worlds} worlds, ${runs} runs, ${polls} polls, ${kills} deaths, ${twins} twins, ${doubts} doubts`,
);
console.log(`${planted} misbehaviours of ${made.size} kinds (of ${wrongs.length})`);
console.log(`${failures} failures; ${Math.round(polls / seconds)} polls a second on one of ${availableParallelism()} cores`);
