/** Whether two instants are shown as the same: times are shown to the minute. false when the other is unknown. */
export function isSameMinute(one: Date, other: Date | null): boolean {
  return other !== null && Math.floor(one.getTime() / 60_000) === Math.floor(other.getTime() / 60_000);
}
