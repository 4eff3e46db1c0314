import fc from 'fast-check';
import { live } from './life.ts';
import type { Counts, Step } from './life.ts';
import { misbehaviours } from './moves/moves.ts';
import { ordinary } from './moves/ordinary.ts';

/** A history that fails, as short as shrinking could make it. */
export interface Failure {
  readonly history: readonly Step[];
  /** The invariant that does not hold. */
  readonly message: string;
}

/** One world: its counts, its misbehaviours by name, and its failure; null when everything
 *  holds. */
export interface Lived {
  readonly counts: Counts;
  readonly moves: ReadonlyMap<string, number>;
  readonly failure: Failure | null;
}

/** Histories of up to 80 moves. A third of the moves are runs and new articles. */
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('run', 'write') },
    { weight: 2, arbitrary: fc.constantFrom(...Object.keys(ordinary)) },
    { weight: 4, arbitrary: fc.constantFrom(...Object.keys(misbehaviours)) },
  ),
  fc.nat(99),
  fc.nat(99),
);
const histories = fc.noBias(fc.array(step, { maxLength: 80, size: 'max' }));

/** Lives through the world of a seed. A history that fails is shrunk for about `shrinkMs`, with 0
 *  not at all. */
export async function tryWorld(seed: number, { shrinkMs }: { readonly shrinkMs: number }): Promise<Lived> {
  const counts: Counts = { runs: 0, polls: 0, kills: 0 };
  let first: readonly Step[] | null = null;
  const property = fc.asyncProperty(histories, async (history) => {
    // Histories after the first are attempts to shrink it, which count for nothing.
    const isFirst = first === null;
    first ??= history;
    await live(history, isFirst ? counts : undefined);
  });
  const limits = shrinkMs === 0 ? { endOnFailure: true } : { interruptAfterTimeLimit: shrinkMs, markInterruptAsFailure: false };
  const { counterexample, errorInstance } = await fc.check(property, { seed, numRuns: 1, ...limits });
  const moves = countMoves(first ?? []);
  const history = counterexample?.[0];
  return { counts, moves, failure: history ? { history, message: toMessage(errorInstance) } : null };
}

function countMoves(history: readonly Step[]): ReadonlyMap<string, number> {
  const wrong = history.filter(([name]) => name in misbehaviours);
  return new Map([...Map.groupBy(wrong, ([name]) => name)].map(([name, steps]) => [name, steps.length]));
}

function toMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An error that is no violation needs its place in the code.
  return error.name === 'Error' ? (error.stack ?? error.message) : error.message;
}

/** Returns a failure as the code of a test. */
export function toTest({ history, message }: Failure, name: string): string {
  const [why] = message.split('\n');
  const steps = history.map(([move, a, b]) => `    ['${move}', ${a}, ${b}],`);
  return [`// ${why}`, `test('${name}', async () => {`, '  await live([', ...steps, '  ]);', '});'].join('\n');
}
