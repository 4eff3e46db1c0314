/** Returns a value without null fields and empty lists, at every depth, so that fixtures stay
 *  short. */
export function toCompact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCompact);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== null && !(Array.isArray(part) && part.length === 0));
  return Object.fromEntries(kept.map(([key, part]) => [key, toCompact(part)]));
}
