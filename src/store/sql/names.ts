import { createHash } from 'node:crypto';
import { sha256 } from '../../model/values/hash.ts';
import type { Reader } from '../engine/reader.ts';
import { readMeta } from './meta.ts';

/** Returns the complete key of a name: its SHA-256 as lower-case base32 (RFC 4648 §6, no
 *  padding). Keys in use are the first characters of it. */
export function nameKey(name: string): string {
  let key = '';
  let bits = 0;
  let waiting = 0;
  for (const byte of sha256(name)) {
    bits = (bits << 8) | byte;
    for (waiting += 8; waiting >= 5; waiting -= 5) key += ALPHABET.charAt((bits >>> (waiting - 5)) & 31);
    bits &= 31;
  }
  return waiting === 0 ? key : key + ALPHABET.charAt((bits << (5 - waiting)) & 31);
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Returns a UUID of version 5 (RFC 9562 §5.5) for a namespace UUID and a name. */
export function nameUuid(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Returns the UUID that this store got when it was created, so that two installations never
 *  create the same id. */
export async function readNamespace(db: Reader): Promise<string> {
  const namespace = await readMeta(db, 'namespace');
  if (namespace === null) throw new Error('the store has no namespace: its migration has not finished');
  return namespace;
}
