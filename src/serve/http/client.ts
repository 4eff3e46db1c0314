import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';

/** Who asks, to be counted by: the address of the socket, or with `trust: 'proxy'` the last of
 *  X-Forwarded-For, which the owner's own proxy wrote (those before it say what the client likes).
 *  An IPv6 client counts by its /64, of which it may choose any address. `unknown` where there is
 *  no socket. */
export function readClient(context: Context, options: Trust): string {
  return toNetwork(readAddress(context, options) ?? 'unknown');
}

/** Whether who asks is a program on this machine. What a proxy has forwarded comes from elsewhere,
 *  though the proxy may be here: where it is not to be trusted, nobody who comes through one counts
 *  as near. */
export function isLoopbackClient(context: Context, options: Trust): boolean {
  const isForwarded = FORWARDED.some((name) => context.req.header(name) !== undefined);
  if (isForwarded && options.trust === 'socket') return false;
  const address = readAddress(context, options) ?? '';
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

interface Trust {
  readonly trust: 'proxy' | 'socket';
}

/** What proxies add. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** null where there is no socket. */
function readAddress(context: Context, options: Trust): string | null {
  const forwarded = options.trust === 'proxy' ? toAddress(context.req.header('x-forwarded-for')?.split(',').at(-1) ?? '') : null;
  const bindings = context.env as { readonly incoming?: unknown } | undefined;
  return forwarded ?? (bindings?.incoming ? getConnInfo(context).remote.address : null) ?? null;
}

/** An address without the port that some proxies add; null when it is none. */
function toAddress(text: string): string | null {
  const trimmed = text.trim();
  const address = /^\[(.*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  return isIP(address) === 0 ? null : address;
}

function toNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  // `process` reads an IPv4 client of a socket that listens on both as IPv4.
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
