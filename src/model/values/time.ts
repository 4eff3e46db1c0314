/** A minute in milliseconds. */
export const MINUTE_MS = 60_000;
/** An hour in milliseconds. */
export const HOUR_MS = 60 * MINUTE_MS;
/** A day of UTC in milliseconds. JavaScript's time has no leap seconds (ECMA-262, time values). */
export const DAY_MS = 24 * HOUR_MS;
