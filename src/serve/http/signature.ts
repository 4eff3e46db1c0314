import { createHmac, timingSafeEqual } from 'node:crypto';

/** Reports whether X-Hub-Signature proves that the sender knows the secret (WebSub §8). It holds
 *  `method=signature`, a hexadecimal HMAC over exactly these bytes, by SHA-256, SHA-384 or
 *  SHA-512. SHA-1, which the Recommendation still allows, proves nothing any more. The
 *  comparison takes constant time. */
export function isSigned(bytes: Uint8Array, signature: string | undefined, secret: string): boolean {
  const [, method, given] = /^(sha256|sha384|sha512)=([0-9a-f]+)$/i.exec(signature?.trim() ?? '') ?? [];
  if (method === undefined || given === undefined) return false;
  const expected = createHmac(method.toLowerCase(), secret).update(bytes).digest();
  const sent = Buffer.from(given, 'hex');
  return given.length === expected.length * 2 && timingSafeEqual(expected, sent);
}
