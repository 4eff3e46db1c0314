import { tryWorld, toTest } from '../tests/support/world/histories.ts';

// Usage: npx node bench/simulate.ts SEED POLLS
const [first = 1, wanted = 10_000] = process.argv.slice(2).map(Number);
const start = performance.now();
let [polls, runs, kills, doubts, worlds, failures] = [0, 0, 0, 0, 0, 0];
for (let seed = first; polls < wanted; seed++) {
  const { counts, failure } = await tryWorld(seed, 30_000);
  polls += counts.polls;
  runs += counts.runs;
  kills += counts.kills;
  doubts += counts.doubts;
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
  `${worlds} worlds, ${runs} runs, ${polls} polls, ${kills} kills, ${doubts} doubts, ${failures} failures; ${Math.round(polls / seconds)} polls a second`,
);
