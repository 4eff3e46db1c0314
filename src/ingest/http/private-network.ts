import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { NewsfoldError } from '../../model/errors.ts';

/** The part of IPv6 assigned as global unicast (IANA IPv6 address space registry). Outside it
 *  ipaddr.js calls every unknown address `unicast`, also IPv4-compatible ones (`::7f00:1`). */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Reports whether a socket may connect to this address. Only global unicast addresses and the CIDR
 *  ranges of `allow` may be connected to (docs/polling.md A18; IANA special-purpose registries, RFC
 *  6890). An IPv4-mapped IPv6 address is judged as the IPv4 address (RFC 4291 §2.5.5.2). Addresses
 *  of 6to4, Teredo and NAT64 lead to an unseen IPv4 address and are refused. An invalid address is
 *  refused; an invalid range in `allow` matches nothing. */
export function isAllowedAddress(address: string, allow: readonly string[]): boolean {
  // ipaddr.js treats the deprecated IPv4-compatible `::8.8.8.8` (RFC 4291 §2.5.5.1) as the IPv4
  // address; the socket does not.
  if (!ipaddr.isValid(address) || /^::\d+\./.test(address)) return false;
  const parsed = ipaddr.process(address);
  if (allow.some((range) => isWithin(parsed, range))) return true;
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

/** Returns the IP address that a URL's host name is, without brackets; null when it is a name. The
 *  WHATWG URL parser has already turned decimal, octal, hexadecimal and short IPv4 forms into the
 *  dotted one (URL Standard §3.5), so `http://2130706433/` gives 127.0.0.1. net.connect does not
 *  look such hosts up, so the caller must check them before connecting (docs/polling.md A18). */
export function addressIn(hostname: string): string | null {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}

/** The part of dns.lookup that is used here. */
type Resolve = (hostname: string, options: LookupAllOptions, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** Returns a `lookup` for net.connect and tls.connect. It resolves a name to all its addresses and
 *  passes on only the allowed ones (`isAllowedAddress`). The socket uses exactly these, so a
 *  second, different answer for the name has no effect (DNS rebinding, docs/polling.md A18). The
 *  callback gets the resolver's error unchanged, or `fetch/private-address` when no address is
 *  left. `resolve` is called once for a connection; the default is the system's, which also reads
 *  /etc/hosts. `note` receives the first address of a host. */
export function createLookup(
  allow: readonly string[],
  resolve: Resolve = lookup,
  note: (hostname: string, address: string) => void = () => undefined,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, [], 0);
        return;
      }
      const allowed = addresses.filter((found) => isAllowedAddress(found.address, allow));
      const [first] = allowed;
      if (first !== undefined) note(hostname, first.address);
      if (first === undefined)
        callback(
          privateAddressError(
            hostname,
            addresses.map((found) => found.address),
          ),
          [],
          0,
        );
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** Returns the error for a host without an allowed address (docs/polling.md A18), with code
 *  `fetch/private-address`. The message names the host, its addresses and the setting that would
 *  allow them. `addresses` holds the host itself if it is an address. */
export function privateAddressError(host: string, addresses: readonly string[]): NewsfoldError {
  const named =
    addresses.length === 1 && addresses[0] === host
      ? `${host} is`
      : `${host} resolves to ${addresses.slice(0, 4).join(', ') || 'nothing'},`;
  return new NewsfoldError(
    'fetch/private-address',
    `${named} not a public address; list its range under fetch.allowPrivateAddresses if it is meant to be read`,
  );
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  if (!ipaddr.isValidCIDR(range)) return false;
  const [network, bits] = ipaddr.parseCIDR(range);
  return network.kind() === address.kind() && address.match(network, bits);
}
