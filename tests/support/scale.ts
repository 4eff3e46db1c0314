/** Whether all tests run at their full size: `npm run test:all` says so. `npm test` tests every
 *  behaviour too, with fewer random cases and in shared processes. */
export const isFull = process.env['NEWSFOLD_TESTS'] === 'all';

/** The seed of samples: printed at the start of the tests, the same for all files, and one that was
 *  printed can be given again. */
const seed = Number(process.env['NEWSFOLD_SEED'] ?? 1);

/** The number of cases of a property: all of them in the long form; in the short one a tenth, and
 *  at least `least`. */
export function cases(all: number, least = 20): number {
  return isFull ? all : Math.min(all, Math.max(least, Math.ceil(all / 10)));
}

/** All of a list in the long form; in the short one every `step`th, which begins at another place
 *  with each seed. */
export function sample<T>(list: readonly T[], step: number): readonly T[] {
  return isFull ? list : list.filter((_, index) => (index + seed) % step === 0);
}
