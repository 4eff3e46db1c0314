import { addressIn, isAllowedAddress } from './private-network.ts';

/** Last labels of names that do not exist on the public internet (RFC 6761, RFC 6762, RFC 8375). */
const INNER_NAMES = ['localhost', 'local', 'test', 'internal', 'home.arpa'];

/** Returns in words why the internet cannot reach a site; null when it can. Also null for a site in
 *  a range that the owner allows (`allow`, CIDR): other hosts of that range can reach it. */
export function unreachableReason(siteUrl: string, allow: readonly string[]): string | null {
  const url = URL.parse(siteUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) return `${siteUrl.slice(0, 100)} is no http:// or https:// address`;
  const { hostname } = url;
  if (isInnerHost(hostname, allow)) return null;
  const address = addressIn(hostname);
  if (address !== null) return isAllowedAddress(address, []) ? null : `${hostname} is an address of a private network`;
  const name = hostname.replace(/\.$/, '');
  if (INNER_NAMES.some((inner) => name === inner || name.endsWith(`.${inner}`))) return `${name} is a name of a private network`;
  return name.includes('.') ? null : `${name} is a name of a private network, without a domain`;
}

/** Reports whether a host name is this machine, or an address outside the public internet that the
 *  owner allows. */
export function isInnerHost(hostname: string, allow: readonly string[]): boolean {
  const address = addressIn(hostname) ?? (hostname === 'localhost' ? '127.0.0.1' : null);
  return address !== null && isAllowedAddress(address, allow) && !isAllowedAddress(address, []);
}
