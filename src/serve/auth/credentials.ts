import type { Context } from 'hono';
import { toRequestHead } from '../http/plain-request.ts';

/** One credential of a request, unchecked. */
export interface Credential {
  /** `?token=`, the password of Basic (RFC 7617), or a bearer token (RFC 6750 §2.1). */
  readonly kind: 'token' | 'password' | 'bearer';
  readonly text: string;
}

/** Returns the credentials of a request without the empty ones. Most requests have none and cost
 *  next to nothing here. */
export function readCredentials(context: Context): readonly Credential[] {
  const given: Credential[] = [];
  const token = context.req.url.includes('token=') ? context.req.query('token') : undefined;
  const authorization = toRequestHead(context).header('authorization');
  if (token !== undefined) given.push({ kind: 'token', text: token });
  if (authorization !== null) given.push(...readAuthorization(authorization));
  return given.filter(({ text }) => text !== '');
}

function readAuthorization(authorization: string): Credential[] {
  const [, scheme = '', value = ''] = /^(Basic|Bearer)\s+(\S+)\s*$/i.exec(authorization) ?? [];
  if (scheme === '') return [];
  if (scheme.toLowerCase() === 'bearer') return [{ kind: 'bearer', text: value }];
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return [{ kind: 'password', text: pair.slice(pair.indexOf(':') + 1) }];
}
