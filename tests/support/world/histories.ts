import fc from 'fast-check';
import { live } from './life.ts';
import type { Counts, Step } from './life.ts';
import { misbehaviours } from './moves/moves.ts';
import { ordinary } from './moves/ordinary.ts';
import { openFiles } from './places.ts';
import type { Places } from './places.ts';

/** A history that fails: shrunk to the shortest, with its error. */
export interface Failure {
  readonly history: readonly Step[];
  readonly message: string;
}

/** The way in which a world is tried. */
interface Trial {
  /** Time for shrinking a failure. */
  readonly shrinkMs: number;
  /** Misbehaviours that are left out, by kind or name. */
  readonly without?: readonly string[];
  /** Opens the stores of one life; SQLite files by default. */
  readonly open?: () => Promise<Places>;
}

/** Returns histories of up to 60 moves; half of the moves are ordinary. */
function toHistories(without: readonly string[]): fc.Arbitrary<readonly Step[]> {
  const kinds = Object.entries(misbehaviours).filter(([kind]) => !without.includes(kind));
  const names = kinds.flatMap(([, moves]) => Object.keys(moves)).filter((name) => !without.includes(name));
  const step: fc.Arbitrary<Step> = fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('run', 'write') },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(ordinary)) },
      { weight: 4, arbitrary: fc.constantFrom(...names) },
    ),
    fc.nat(99),
    fc.nat(99),
  );
  return fc.array(step, { maxLength: 60, size: 'max' });
}

/** Lives through the world of a seed. A history that fails is shrunk. */
export async function tryWorld(
  seed: number,
  { shrinkMs, without = [], open = openFiles }: Trial,
): Promise<{ readonly counts: Counts; readonly failure: Failure | null }> {
  let counts: Counts = { runs: 0, polls: 0, kills: 0, twins: 0 };
  const property = fc.asyncProperty(toHistories(without), async (history) => {
    counts = add(counts, await live(history, open));
  });
  const result = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: shrinkMs, markInterruptAsFailure: false });
  const [history] = result.counterexample ?? [];
  if (!history) return { counts, failure: null };
  return { counts, failure: { history, message: String(result.errorInstance) } };
}

function add(a: Counts, b: Counts): Counts {
  return { runs: a.runs + b.runs, polls: a.polls + b.polls, kills: a.kills + b.kills, twins: a.twins + b.twins };
}

/** Returns a history as the code of a test. */
export function toTest({ history, message }: Failure, name: string): string {
  const steps = history.map(([move, a, b]) => `    ['${move}', ${a}, ${b}],`);
  return [`// ${message.split('\n')[0]}`, `test('${name}', async () => {`, '  await live([', ...steps, '  ]);', '});'].join('\n');
}
