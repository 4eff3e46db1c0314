import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { NewsfoldError } from '../../model/errors.ts';

/** The part of IPv6 that is handed out as global unicast (IANA IPv6 address space registry).
 *  Outside it ipaddr.js calls everything that it does not know `unicast`, IPv4-compatible addresses
 *  (`::7f00:1`) among them. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether a socket may be connected to this address: only global unicast ones may, by an allow
 *  rule, and those in the CIDR ranges of `allow` (docs/polling.md A18; IANA special-purpose
 *  registries, RFC 6890). An IPv4-mapped IPv6 address is judged as the IPv4 address (RFC 4291
 *  §2.5.5.2); 6to4, Teredo and NAT64, which lead to an IPv4 address that is not seen here, are
 *  refused. What is no address is refused; a range in `allow` that is none matches nothing. */
export function isAllowedAddress(address: string, allow: readonly string[]): boolean {
  // ipaddr.js takes the deprecated IPv4-compatible `::8.8.8.8` (RFC 4291 §2.5.5.1) for the IPv4
  // address, the socket does not.
  if (!ipaddr.isValid(address) || /^::\d+\./.test(address)) return false;
  const parsed = ipaddr.process(address);
  if (allow.some((range) => isWithin(parsed, range))) return true;
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast);
}

/** The address that a URL's host name is, without brackets; null when it is a name. The WHATWG URL
 *  parser has turned decimal, octal, hexadecimal and short IPv4 forms into the dotted one by then
 *  (URL Standard §3.5), so `http://2130706433/` gives 127.0.0.1. net.connect does not look such
 *  hosts up: whoever connects checks them before (docs/polling.md A18). */
export function addressIn(hostname: string): string | null {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}

/** The part of dns.lookup that is used here. */
type Resolve = (hostname: string, options: LookupAllOptions, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void;

/** A `lookup` for net.connect and tls.connect that resolves a name to all its addresses and hands
 *  the socket only those that isAllowedAddress lets through. The socket uses exactly these, so a
 *  name that answers differently the second time gains nothing (DNS rebinding, docs/polling.md
 *  A18). Its callback gets the resolver's error as it is, or `fetch/private-address` when no
 *  address is left. `resolve` is asked once for a connection; it is the system's, which reads
 *  /etc/hosts too. `note` is told the first address of a host. */
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

/** The refusal to connect to a host none of whose addresses is allowed (docs/polling.md A18): code
 *  `fetch/private-address`, and a message that names the host, what it resolved to and the setting
 *  that would allow it. `addresses` holds the host itself if it is an address. */
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
