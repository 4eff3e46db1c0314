import { parseArgs } from 'node:util';
import { tryWorld, toTest } from '../tests/support/world/histories.ts';

// Usage: npx node bench/simulate.ts SEED POLLS [--without KIND|MOVE]...
const { values, positionals } = parseArgs({ allowPositionals: true, options: { without: { type: 'string', multiple: true } } });
const [first = 1, wanted = 10_000] = positionals.map(Number);
const start = performance.now();
let [polls, runs, kills, twins, worlds, failures] = [0, 0, 0, 0, 0, 0];
for (let seed = first; polls < wanted; seed++) {
  const { counts, failure } = await tryWorld(seed, { shrinkMs: 30_000, without: values.without ?? [] });
  polls += counts.polls;
  runs += counts.runs;
  kills += counts.kills;
  twins += counts.twins;
  worlds++;
  if (failure) {
    failures++;
    console.log(toTest(failure, `simulator: seed ${seed}`));
    console.log(failure.message);
    if (failures >= 10) break;
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${worlds} worlds, ${runs} runs, ${polls} polls, ${kills} kills, ${twins} twins, ${failures} failures; ${Math.round(polls / seconds)} polls a second`,
);
