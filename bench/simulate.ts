import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { toTest, tryWorld } from '../tests/support/world/histories.ts';
import { misbehaviours } from '../tests/support/world/moves/moves.ts';

// node bench/simulate.ts SEED POLLS: lives through small worlds, the first of SEED, until POLLS
// sources were polled. It prints each failure as the code of a test, shrunk. --first ends at the
// first failure, without shrinking. docs/measured.md has the figures.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { first: { type: 'boolean', default: false }, most: { type: 'string', default: '20' } },
});
const [seed = 1, wanted = 10_000] = positionals.map(Number);

const start = performance.now();
const total = { worlds: 0, runs: 0, polls: 0, kills: 0, failures: 0 };
const made = new Map<string, number>();
for (let next = seed; total.polls < wanted && total.failures < Number(values.most); next++) {
  const { counts, moves, failure } = await tryWorld(next, { shrinkMs: values.first ? 0 : 30_000 });
  total.worlds++;
  total.runs += counts.runs;
  total.polls += counts.polls;
  total.kills += counts.kills;
  for (const [name, count] of moves) made.set(name, (made.get(name) ?? 0) + count);
  if (failure === null) continue;
  total.failures++;
  console.log(`${toTest(failure, `simulator: seed ${next}`)}\n${failure.message}\n`);
  if (values.first) break;
}
const seconds = (performance.now() - start) / 1000;
const { worlds, runs, polls, kills, failures } = total;
const planted = [...made.values()].reduce((sum, count) => sum + count, 0);
console.log(`seeds ${seed} to ${seed + worlds - 1}: ${worlds} worlds, ${runs} runs, ${polls} polls, ${kills} of the runs killed`);
console.log(`${planted} misbehaviours of ${made.size} kinds (of ${Object.keys(misbehaviours).length})`);
console.log(`${failures} failures; ${Math.round(polls / seconds)} polls a second on one of ${availableParallelism()} cores`);
