/** Whether all tests run at their full size, as `npm run test:all` sets. `npm test` tests every
 *  behaviour too, with fewer random cases and in shared processes. */
export const isFull = process.env['NEWSFOLD_TESTS'] === 'all';

/** The seed of samples, the same for all files. It is printed at the start of the tests and can be
 *  given again. */
export const seed = Number(process.env['NEWSFOLD_SEED'] ?? 1);

/** Returns the number of cases of a property: all of them in the long form, a tenth and at least
 *  `least` in the short one. */
export function cases(all: number, least = 20): number {
  return isFull ? all : Math.min(all, Math.max(least, Math.ceil(all / 10)));
}

/** Returns the whole list in the long form, and every `step`th element in the short one. The seed
 *  decides the first. */
export function sample<T>(list: readonly T[], step: number): readonly T[] {
  return isFull ? list : list.filter((_, index) => (index + seed) % step === 0);
}
