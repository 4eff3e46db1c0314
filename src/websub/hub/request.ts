import { sha256Hex } from '../../model/values/hash.ts';
import { addressIn, isAllowedAddress } from '../../ingest/http/private-network.ts';
import { LIMITS } from './hub-context.ts';
import type { HubContext } from './hub-context.ts';
import type { HubAnswer, SubscriptionRequest } from '../../model/hub.ts';

/** Leases in seconds: the default, and the bounds of a lease that is granted. */
const LEASE = { standard: 10 * 86_400, least: 300, most: 30 * 86_400 };

/** Notes a subscriber's request, or returns the reason for a refusal. A private feed gets the same
 *  answer as one that does not exist. */
export async function acceptHubRequest(context: HubContext, request: SubscriptionRequest): Promise<HubAnswer> {
  const { topic, callback, secret, mode } = request;
  const known = context.topics.get(topic);
  if (!known)
    return {
      kind: 'refused',
      status: 404,
      reason: 'There is no such topic here: take the address that a feed of this site names as rel="self".',
    };
  const host = URL.parse(callback)?.hostname ?? '';
  const address = addressIn(host);
  const isOurs = callback.startsWith(`${context.siteUrl}/`);
  // A host name is resolved for each request later: only its address at that time counts.
  if (isOurs || (address !== null && !isAllowedAddress(address, context.allowPrivateAddresses)))
    return { kind: 'refused', status: 403, reason: 'The callback must be at a public address.' };
  const { seq } = await context.store.bindFeed(known.feed.slug, context.clock.now());
  const wanted = request.leaseSeconds ?? LEASE.standard;
  const intent = {
    id: sha256Hex(`${topic}\n${callback}`),
    mode,
    topic,
    callback,
    host,
    secret,
    leaseSeconds: Math.min(Math.max(wanted, LEASE.least), LEASE.most),
    seq,
    attempts: 0,
    askedAt: context.clock.now(),
  };
  if ((await context.store.saveHubIntent(intent, LIMITS, { client: request.client, site: siteOf(host) })) === 'saved')
    return { kind: 'accepted' };
  return { kind: 'refused', status: 503, reason: 'This hub has as many subscriptions as it can serve.' };
}

/** Returns the part of a host name that has one owner: the last two labels, three under a common
 *  suffix such as `co.uk`. An IP address is returned whole. */
function siteOf(host: string): string {
  if (addressIn(host) !== null) return host;
  const labels = host.replace(/\.$/, '').split('.');
  const [ending = '', before = ''] = labels.toReversed();
  return labels.slice(ending.length === 2 && before.length <= 3 ? -3 : -2).join('.');
}
