import { createHash } from 'node:crypto';

/** Returns the SHA-256 (FIPS 180-4) of bytes, or of text as UTF-8. */
export function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

/** Returns the SHA-256 of bytes, or of text as UTF-8, in hexadecimal. */
export function sha256Hex(content: string | Uint8Array): string {
  return sha256(content).toString('hex');
}
