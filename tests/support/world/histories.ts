import fc from 'fast-check';
import { live, noCounts } from './life.ts';
import type { Counts, Step } from './life.ts';
import { misbehaviours } from './moves/moves.ts';
import { ordinary } from './moves/ordinary.ts';
import type { Places } from './places.ts';
import { shrink } from './shrink.ts';
import type { Failure } from './shrink.ts';

/** One world: its counts, its misbehaviours by name, and its failure; null when everything
 *  holds. */
interface Lived {
  readonly counts: Counts;
  readonly moves: ReadonlyMap<string, number>;
  readonly failure: Failure | null;
}

/** The way in which a world is tried. */
interface Trial {
  /** Time for shrinking a failure; 0 leaves it as it is. */
  readonly shrinkMs: number;
  /** Misbehaviours that are left out, by kind or name. */
  readonly without?: readonly string[];
  /** Opens the stores of one life; SQLite files by default. */
  readonly open?: () => Promise<Places>;
}

/** Names of all misbehaviours. */
export const wrongs: readonly string[] = Object.values(misbehaviours).flatMap((moves) => Object.keys(moves));

/** Returns histories of up to 80 moves. A third of the moves are runs and new articles. Most worlds
 *  have a few kinds of misbehaviours, so that rare ones meet often; the others have all. */
function toHistories(without: readonly string[]): fc.Arbitrary<readonly Step[]> {
  const kinds = Object.entries(misbehaviours)
    .filter(([kind]) => !without.includes(kind))
    .map(([, moves]) => Object.keys(moves).filter((name) => !without.includes(name)))
    .filter((names) => names.length > 0);
  const deaths = kinds.filter((names) => names.includes('kill'));
  const few = fc.subarray(kinds, { minLength: 1, maxLength: Math.min(3, kinds.length) });
  const chosen = fc.oneof(
    { weight: 2, arbitrary: few },
    { weight: 1, arbitrary: few.map((some) => [...new Set([...some, ...deaths])]) },
    { weight: 1, arbitrary: fc.constant(kinds) },
  );
  // Without the bias to small values, which would make the worlds of single seeds very short.
  return fc.noBias(chosen.chain((some) => fc.array(toStep(some), { maxLength: 80, size: 'max' })));
}

function toStep(kinds: readonly (readonly string[])[]): fc.Arbitrary<Step> {
  // A small kind comes more often than its share, so that every kind meets every other one.
  const wrong = kinds.map((names) => ({ weight: Math.ceil(Math.sqrt(names.length)), arbitrary: fc.constantFrom(...names) }));
  return fc.tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('run', 'write') },
      { weight: 2, arbitrary: fc.constantFrom(...Object.keys(ordinary)) },
      { weight: 4, arbitrary: fc.oneof(...wrong) },
    ),
    fc.nat(99),
    fc.nat(99),
  );
}

/** Lives through the world of a seed. A history that fails is shrunk. */
export async function tryWorld(seed: number, { shrinkMs, without = [], open }: Trial): Promise<Lived> {
  const counts: Counts = { ...noCounts };
  const [history = []] = fc.sample(toHistories(without), { seed, numRuns: 1 });
  const tryLife = async (one: readonly Step[], counted?: Counts): Promise<string | null> => {
    try {
      await live(one, { ...(open && { open }), ...(counted && { counts: counted }) });
      return null;
    } catch (error) {
      return toMessage(error);
    }
  };
  const message = await tryLife(history, counts);
  const moves = countWrongs(history);
  if (message === null) return { counts, moves, failure: null };
  const end = performance.now() + shrinkMs;
  return { counts, moves, failure: await shrink({ history, message }, tryLife, () => performance.now() >= end) };
}

function countWrongs(history: readonly Step[]): ReadonlyMap<string, number> {
  const wrong = history.filter(([name]) => wrongs.includes(name));
  return new Map([...Map.groupBy(wrong, ([name]) => name)].map(([name, steps]) => [name, steps.length]));
}

function toMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An error that is no violation needs its place in the code.
  return error.name === 'Violation' ? error.message : (error.stack ?? error.message);
}

/** Returns a failure as the code of a test. */
export function toTest({ history, message }: Failure, name: string): string {
  const [why] = message.split('\n');
  const steps = history.map(([move, a, b]) => `    ['${move}', ${a}, ${b}],`);
  return [`// ${why}`, `test('${name}', async () => {`, '  await live([', ...steps, '  ]);', '});'].join('\n');
}
