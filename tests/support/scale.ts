/** Whether all tests run at their full size: `npm run test:all` says so. `npm test` tests every behaviour too, with fewer random cases and in shared processes. */
export const isFull = process.env['NEWSFOLD_TESTS'] === 'all';

/** The seed of samples: printed at the start of the tests, the same for all files, and one that was printed can be given again. */
export const seed = Number(process.env['NEWSFOLD_SEED'] ?? 1);

/** The number of cases of a property: all of them in the long form, a tenth, and at least twenty, in the short one. */
export function cases(all: number): number {
  return isFull ? all : Math.min(all, Math.max(20, Math.ceil(all / 10)));
}

/** All of a list in the long form; in the short one every `step`th, of which another one is the first with each seed. */
export function sample<T>(list: readonly T[], step: number): readonly T[] {
  return isFull ? list : list.filter((_, index) => (index + seed) % step === 0);
}
