import type { Step } from './life.ts';

/** A history that fails. */
export interface Failure {
  readonly history: readonly Step[];
  /** The invariants that do not hold, one a line. */
  readonly message: string;
}

/** Returns a shorter history that fails in the same way. Pieces are left out, large ones first, and
 *  then numbers become smaller, until nothing can be left out or `isOver` returns true. `tryLife`
 *  returns the message of a history that fails, else null. */
export async function shrink(
  failure: Failure,
  tryLife: (history: readonly Step[]) => Promise<string | null>,
  isOver: () => boolean,
): Promise<Failure> {
  let best = failure;
  const accept = async (history: readonly Step[]): Promise<boolean> => {
    if (isOver()) return false;
    const message = await tryLife(history);
    if (message === null || kindOf(message) !== kindOf(failure.message)) return false;
    best = { history, message };
    return true;
  };
  for (let size = Math.ceil(best.history.length / 2); size > 0 && !isOver();) {
    let isShorter = false;
    for (let at = 0; at < best.history.length;) {
      const isLeftOut = await accept(best.history.toSpliced(at, size));
      isShorter ||= isLeftOut;
      if (!isLeftOut) at += size;
    }
    if (size > 1 || !isShorter) size = Math.floor(size / 2);
  }
  for (let at = 0; at < best.history.length && !isOver(); at++) {
    const [move, a, b] = best.history[at] ?? ['', 0, 0];
    for (const one of smaller(a)) if (await accept(best.history.with(at, [move, one, b]))) break;
    const [, found] = best.history[at] ?? ['', 0];
    for (const other of smaller(b)) if (await accept(best.history.with(at, [move, found, other]))) break;
  }
  return best;
}

/** Returns the first sentence of a message without names and numbers. */
function kindOf(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/\S*[\d“”:]\S*/g, '').replace(/ +/g, ' ');
}

function smaller(n: number): number[] {
  return [0, 1, 2, Math.floor(n / 10)].filter((one) => one < n);
}
