import { isIP, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Who asks, to be counted by: the address of the socket, or with `trust: 'proxy'` the last of X-Forwarded-For, which the owner's own proxy
 *  wrote (those before it say what the client likes). An IPv6 client counts by its /64, of which it may choose any address. `unknown` where
 *  there is no socket. */
export function readClient(context: Context, options: Trust): string {
  return toNetwork(readAddress(context, options) ?? 'unknown');
}

/** Whether who asks is a program on this machine. What a proxy has forwarded comes from elsewhere, though the proxy may be here: where it is not to be trusted, nobody
 *  who comes through one counts as near. */
export function isLoopbackClient(context: Context, options: Trust): boolean {
  const isForwarded = FORWARDED.some((name) => context.req.header(name) !== undefined);
  if (isForwarded && options.trust === 'socket') return false;
  const address = readAddress(context, options)?.replace(/^::ffff:/i, '') ?? '';
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
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
  // How a socket that listens on both shows an IPv4 client.
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address
    .replace(/%.*$/, '')
    .replace(/[\d.]+\.\d+$/, '0:0')
    .split('::');
  const toGroups = (text = '') => (text === '' ? [] : text.split(':'));
  const [first, last] = [toGroups(head), toGroups(tail)];
  const groups = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => '0'), ...last];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
