import { randomBytes } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../model/values/time.ts';
import { mayHaveSecret } from './hub-client.ts';
import type { SubscribableSource, Subscription, SubscriptionChange } from '../../ports/store/subscriber.ts';
import type { SubscriberSettings } from './context.ts';

/** Bounds of a lease. A shorter one would end before it can be renewed, so it is refused. A longer
 *  one is renewed after a month: the hub may lose its subscriptions in a year. */
const LEAST_LEASE_MS = 10_000;
const MOST_LEASE_MS = 30 * DAY_MS;
/** The lease that was requested; it applies when a hub names none. */
const USUAL_LEASE_MS = 10 * DAY_MS;
/** Wait before another request to a hub that has refused or grants useless leases. */
const DENIED_MS = DAY_MS;
/** Time for which a subscription that has ended still answers its hub, which may have missed the
 *  first answer. */
const ENDED_MS = DAY_MS;

/** A source to subscribe to, with its hubs except our own. */
export type WantedSubscription = SubscribableSource & { readonly hubs: readonly string[] };

/** The part of the path of every callback that is not secret. */
const CALLBACK_PATH = '/websub/callback/';

/** Returns a new subscription. Its path has 256 random bits, and so has its secret, if the hub may
 *  have one. */
export function makeSubscription(
  { sourceId, offer }: WantedSubscription,
  hub: string,
  attempts: number,
  now: Date,
  settings: SubscriberSettings,
): Subscription {
  const path = randomBytes(32).toString('base64url');
  return {
    path,
    sourceId,
    hub,
    topic: offer.topic,
    callback: `${settings.siteUrl}${CALLBACK_PATH}${path}`,
    secret: mayHaveSecret(hub, settings.allowPrivateAddresses) ? randomBytes(32).toString('base64url') : null,
    state: 'new',
    askedAt: null,
    attempts,
    nextAt: now,
    expiresAt: null,
    version: 0,
  };
}

/** Reports whether a subscription still fits its source. */
export function isCurrent(
  { hub, topic, callback, path }: Subscription,
  wanted: WantedSubscription | undefined,
  { siteUrl }: SubscriberSettings,
): boolean {
  return (
    wanted !== undefined && wanted.offer.topic === topic && wanted.hubs.includes(hub) && callback === `${siteUrl}${CALLBACK_PATH}${path}`
  );
}

/** Reports whether an address is that of our own hub, which would push our own documents to us. */
export function isOwnHub(url: string, { siteUrl }: SubscriberSettings): boolean {
  const bare = (address: string) =>
    URL.parse(address)
      ?.href.replace(/[?#].*$/s, '')
      .replace(/\/+$/, '')
      .replace(/^https?:/, '');
  return bare(url) === bare(`${siteUrl}/websub`);
}

/** Returns the milliseconds until a hub is asked again after this many vain requests: an hour,
 *  doubled up to a day. */
export function toBackoff(attempts: number): number {
  return Math.min(DAY_MS, HOUR_MS * 2 ** Math.min(attempts - 1, 10));
}

/** A hub's verification of intent, or its refusal (WebSub §5.2, §5.3). */
export interface VerificationRequest {
  readonly mode: string;
  readonly topic: string;
  /** As sent; null when absent. */
  readonly leaseSeconds: string | null;
}

/** Returns the change of a subscription after a hub's verification of intent. Exactly the request
 *  that was sent is confirmed, however often the hub asks; null when the answer must be no (WebSub
 *  §5.3). */
export function planVerified(
  subscription: Subscription,
  { mode, topic, leaseSeconds }: VerificationRequest,
  now: Date,
): SubscriptionChange | null {
  const { state, askedAt, path } = subscription;
  if (topic !== subscription.topic || askedAt === null) return null;
  if (mode === 'subscribe' && (state === 'asked' || state === 'active')) {
    const bounded = Math.min(MOST_LEASE_MS, readLease(leaseSeconds));
    // The hub gets its confirmation and its deliveries are accepted, but it is not asked every few
    // seconds for ever.
    if (bounded < LEAST_LEASE_MS) return { state: 'denied', attempts: 0, nextAt: new Date(now.getTime() + DENIED_MS), expiresAt: null };
    // Renewal begins at two thirds of the lease, spread by the path, so that one hub does not get
    // all renewals at once.
    const share = 2 / 3 - (Buffer.from(path, 'base64url')[0] ?? 0) / 255 / 20;
    const at = now.getTime();
    return { state: 'active', attempts: 0, nextAt: new Date(at + Math.floor(bounded * share)), expiresAt: new Date(at + bounded) };
  }
  if (mode === 'unsubscribe' && (state === 'leaving' || state === 'left'))
    return { state: 'left', nextAt: new Date(now.getTime() + ENDED_MS), expiresAt: null };
  return null;
}

/** Returns the milliseconds of a lease as a hub writes it; the requested lease when that is no
 *  number. */
function readLease(text: string | null): number {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) * 1000 : USUAL_LEASE_MS;
}

/** Returns the change of a subscription after a hub's refusal; null when the refusal is about no
 *  request of ours. */
export function planDenial(subscription: Subscription, topic: string, now: Date): SubscriptionChange | null {
  const { state, askedAt } = subscription;
  if (topic !== subscription.topic || askedAt === null) return null;
  if (state === 'leaving' || state === 'left') return { state: 'left', nextAt: new Date(now.getTime() + ENDED_MS), expiresAt: null };
  return { state: 'denied', attempts: 0, nextAt: new Date(now.getTime() + DENIED_MS), expiresAt: null };
}
