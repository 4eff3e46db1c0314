import { randomBytes } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../model/values/time.ts';
import { mayHaveSecret } from './hub-client.ts';
import type { SubscribableSource, Subscription, SubscriptionChange } from '../../ports/store/subscriber.ts';
import type { SubscriberSettings } from './context.ts';

/** Bounds of a lease. One that ends before it can be renewed is none. A hub that forgets us in a
 *  year may have forgotten us by then. */
const LEAST_LEASE_MS = 10_000;
const MOST_LEASE_MS = 30 * DAY_MS;
/** What was asked for; taken when a hub does not say what it gives. */
const USUAL_LEASE_MS = 10 * DAY_MS;
/** A hub that has refused, or gives leases of no use, is asked again after this. */
const DENIED_MS = DAY_MS;
/** A subscription that has ended still answers for so long: a hub whose question was answered may
 *  not have heard it. */
const LEFT_MS = DAY_MS;

/** What a source is to be subscribed to; a hub of ours is none. */
export type WantedSubscription = SubscribableSource & { readonly hubs: readonly string[] };

/** The part of the path of every callback that is no secret. */
const CALLBACK_PATH = '/websub/callback/';

/** A subscription that nobody knows of yet: its path has 256 random bits, and so has its secret,
 *  where one may be sent. */
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

/** Whether a subscription is still the one that its source is to have. */
export function isCurrent(
  { hub, topic, callback, path }: Subscription,
  wanted: WantedSubscription | undefined,
  { siteUrl }: SubscriberSettings,
): boolean {
  return (
    wanted !== undefined && wanted.offer.topic === topic && wanted.hubs.includes(hub) && callback === `${siteUrl}${CALLBACK_PATH}${path}`
  );
}

/** Whether an address is that of our own hub, which would push to us what we have. */
export function isOwnHub(url: string, { siteUrl }: SubscriberSettings): boolean {
  const bare = (address: string) =>
    URL.parse(address)
      ?.href.replace(/[?#].*$/s, '')
      .replace(/\/+$/, '')
      .replace(/^https?:/, '');
  return bare(url) === bare(`${siteUrl}/websub`);
}

/** Milliseconds until a hub is asked again after so many requests that came to nothing: an hour,
 *  doubled up to a day. */
export function toBackoff(attempts: number): number {
  return Math.min(DAY_MS, HOUR_MS * 2 ** Math.min(attempts - 1, 10));
}

/** What a hub says when it asks back, or refuses (WebSub §5.2, §5.3). */
export interface VerificationRequest {
  readonly mode: string;
  readonly topic: string;
  /** As sent; null when absent. */
  readonly leaseSeconds: string | null;
}

/** What a hub's question makes of a subscription: exactly what was asked of it, and no other, is
 *  confirmed, however often it asks; null when it is to be told no (WebSub §5.3). */
export function planVerified(
  subscription: Subscription,
  { mode, topic, leaseSeconds }: VerificationRequest,
  now: Date,
): SubscriptionChange | null {
  const { state, askedAt, path } = subscription;
  if (topic !== subscription.topic || askedAt === null) return null;
  if (mode === 'subscribe' && (state === 'asked' || state === 'active')) {
    const bounded = Math.min(MOST_LEASE_MS, readLease(leaseSeconds));
    // The hub has its answer; what it pushes meanwhile is taken, and it is not asked every few
    // seconds for ever.
    if (bounded < LEAST_LEASE_MS) return { state: 'denied', attempts: 0, nextAt: new Date(now.getTime() + DENIED_MS), expiresAt: null };
    // At two thirds, the one a little sooner than the other: a hub that was asked by all at once is
    // not again.
    const share = 2 / 3 - (Buffer.from(path, 'base64url')[0] ?? 0) / 255 / 20;
    const at = now.getTime();
    return { state: 'active', attempts: 0, nextAt: new Date(at + Math.floor(bounded * share)), expiresAt: new Date(at + bounded) };
  }
  if (mode === 'unsubscribe' && (state === 'leaving' || state === 'left'))
    return { state: 'left', nextAt: new Date(now.getTime() + LEFT_MS), expiresAt: null };
  return null;
}

/** Milliseconds of a lease as a hub writes it; what was asked for when it says no number. */
function readLease(text: string | null): number {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) * 1000 : USUAL_LEASE_MS;
}

/** What a hub's refusal makes of a subscription; null when it is about nothing that was asked. */
export function planDenial(subscription: Subscription, topic: string, now: Date): SubscriptionChange | null {
  const { state, askedAt } = subscription;
  if (topic !== subscription.topic || askedAt === null) return null;
  if (state === 'leaving' || state === 'left') return { state: 'left', nextAt: new Date(now.getTime() + LEFT_MS), expiresAt: null };
  return { state: 'denied', attempts: 0, nextAt: new Date(now.getTime() + DENIED_MS), expiresAt: null };
}
