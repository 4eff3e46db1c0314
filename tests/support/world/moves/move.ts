import type { Life } from '../life.ts';

/** Changes a world. `a` usually chooses a source and `b` an item; both are from 0 to 99. */
export type Move = (life: Life, a: number, b: number) => unknown;

/** Moves by name. */
export type Moves = Readonly<Record<string, Move>>;

/** Returns the element of a list at a number, counted round the list. */
export function at<T>(list: readonly T[], n: number): T {
  const found = list[n % list.length];
  if (found === undefined) throw new Error('an empty list');
  return found;
}
