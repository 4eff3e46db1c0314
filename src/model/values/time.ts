/** A minute in milliseconds. */
export const MINUTE_MS = 60_000;
/** An hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** A day of UTC in milliseconds. JavaScript's time has no leap seconds (ECMA-262, time values). */
export const DAY_MS = 24 * HOUR_MS;

/** Reports whether two instants are less than 24 hours apart; false when one is unknown. */
export function isWithinDay(a: Date | null, b: Date | null): boolean {
  return a !== null && b !== null && Math.abs(a.getTime() - b.getTime()) < DAY_MS;
}
