import type { Problem } from '../../model/errors.ts';

/** Problems of one kind that a source reports in full; the rest is counted. */
const MAX_REPORTED = 10;

/** Returns the problems of a reading, with a limit for each kind. A document full of faults would
 *  otherwise fill the report and the memory. */
export function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string, number>();
  const reported = problems.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= MAX_REPORTED;
  });
  const rest = [...counts].filter(([, count]) => count > MAX_REPORTED);
  return [...reported, ...rest.map(([code, count]) => ({ code, message: `and ${count - MAX_REPORTED} more problems of this kind` }))];
}
