import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';

/** Returns the client's network, by which its requests are counted. It is the address of the
 *  socket, or with `trust: 'proxy'` the last of X-Forwarded-For. The owner's own proxy wrote the
 *  last one; a client can write the others. An IPv6 client counts by its /64, since it may
 *  choose any address in it. Returns `unknown` where there is no socket. */
export function readClient(context: Context, options: Trust): string {
  return toNetwork(readAddress(context, options) ?? 'unknown');
}

/** Reports whether the client is a program on this machine. A request that a proxy forwarded
 *  comes from elsewhere even when the proxy runs here. Without a trusted proxy no forwarded
 *  request counts as local. */
export function isLoopbackClient(context: Context, options: Trust): boolean {
  const isForwarded = FORWARDED.some((name) => context.req.header(name) !== undefined);
  if (isForwarded && options.trust === 'socket') return false;
  const address = readAddress(context, options) ?? '';
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

interface Trust {
  readonly trust: 'proxy' | 'socket';
}

/** Headers that proxies add. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** Returns null where there is no socket. */
function readAddress(context: Context, options: Trust): string | null {
  const forwarded = options.trust === 'proxy' ? toAddress(context.req.header('x-forwarded-for')?.split(',').at(-1) ?? '') : null;
  const bindings = context.env as { readonly incoming?: unknown } | undefined;
  return forwarded ?? (bindings?.incoming ? getConnInfo(context).remote.address : null) ?? null;
}

/** Returns an address without the port that some proxies add; null when the text is no address. */
function toAddress(text: string): string | null {
  const trimmed = text.trim();
  const address = /^\[(.*)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  return isIP(address) === 0 ? null : address;
}

function toNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  // `process` reads an IPv4 client of a dual-stack socket as IPv4.
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
