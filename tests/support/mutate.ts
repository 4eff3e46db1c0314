import type { Random } from './damage.ts';

/** Returns a document as a bad connection or disk leaves it. Even rounds cut it off at a random
 *  position; odd rounds change some bytes. */
export function mutate(bytes: Uint8Array, random: Random, round: number): Uint8Array {
  if (round % 2 === 0) return bytes.subarray(0, Math.floor(random() * bytes.length));
  const changed = Uint8Array.from(bytes);
  for (let count = 0; count < 1 + bytes.length / 2000; count++) changed[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return changed;
}
