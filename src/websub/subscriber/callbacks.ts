import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { SubscriberReads, SubscriberStore, QueueLimits, Subscription, SubscriptionChange } from '../../ports/store/subscriber.ts';
import { planDenial, planVerified } from './plan.ts';
import type { VerificationRequest } from './plan.ts';
import { nameUrl } from '../../model/values/address.ts';

/** Context of the callbacks. */
interface CallbackContext {
  /** Read-only: requests of strangers must not cause writes. */
  readonly store: SubscriberReads;
  /** Opens a writable store for the time of `work` (docs/design.md §87). */
  readonly write: <T>(work: (store: SubscriberStore) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly log: Log;
  /** Starts a run without waiting for it. */
  readonly startRun: () => void;
}

/** Most deliveries that may wait for a run. Beyond them, a hub is told to come back later and keeps
 *  the rest. */
const LIMITS: QueueLimits = { perSource: 20, total: 200, bytes: 64 * 1_048_576 };
/** Unauthenticated deliveries cause a poll of their source no more often than this. */
const HINT_MS = 10 * 60_000;
/** Attempts at a change: another process may change the subscription between reading and writing
 *  it. */
const TRIES = 3;

/** Returns the store's side of hub requests to our callbacks (WebSub §5.2 to §7). */
export function createCallbacks({ store, write, clock, log, startRun }: CallbackContext) {
  /** Changes a subscription; returns whether it exists and `decide` accepted the change. */
  const change = async (path: string, decide: (subscription: Subscription) => SubscriptionChange | null) => {
    for (let tried = 0; tried < TRIES; tried++) {
      const subscription = await store.readSubscription(path);
      const update = subscription && decide(subscription);
      if (!subscription || !update) return null;
      if (await write((writer) => writer.changeSubscription(path, subscription.version, update))) return subscription;
    }
    return null;
  };
  const noteRefusal = async (writer: SubscriberStore, { sourceId, hub, state }: Subscription, code: string, why: string) => {
    const message = `its hub ${nameUrl(hub)} ${why}; it is polled as before, and the hub is asked again in a day`;
    await writer.noteSubscription(sourceId, { code, message, at: clock.now() });
    // The next poll was planned for a source with pushes, which is too late for one without.
    if (state === 'active') await writer.askForPoll(sourceId, clock.now(), 0);
  };
  return {
    async find(path: string) {
      const subscription = await store.readSubscription(path);
      return subscription && { secret: subscription.secret, isEnding: subscription.state === 'leaving' || subscription.state === 'left' };
    },

    async verify(path: string, intent: VerificationRequest) {
      let isUseless = false;
      const verified = await change(path, (subscription) => {
        const update = planVerified(subscription, intent, clock.now());
        isUseless = update?.state === 'denied';
        return update;
      });
      if (verified === null) return false;
      if (isUseless)
        await write((writer) =>
          noteRefusal(
            writer,
            verified,
            'push/lease',
            `gives a lease of ${String(intent.leaseSeconds).slice(0, 20)} seconds, which ends before it can be renewed`,
          ),
        );
      else if (intent.mode === 'subscribe') await write((writer) => writer.noteSubscription(verified.sourceId, null));
      log.info({ source: verified.sourceId, mode: intent.mode, hub: nameUrl(verified.hub) }, 'a hub has verified a request');
      return true;
    },

    async deny(path: string, { topic, reason }: { readonly topic: string; readonly reason: string | null }) {
      const denied = await change(path, (subscription) => planDenial(subscription, topic, clock.now()));
      if (denied === null) return false;
      log.info({ source: denied.sourceId, hub: nameUrl(denied.hub) }, 'a hub has refused a subscription');
      if (denied.state === 'leaving' || denied.state === 'left') return true;
      const why = reason === null ? '' : ` (${toPlain(reason, denied)})`;
      await write((writer) => noteRefusal(writer, denied, 'push/denied', `refuses the subscription${why}`));
      return true;
    },

    async take(path: string, content: { readonly contentType: string | null; readonly bytes: Uint8Array }) {
      const subscription = await store.readSubscription(path);
      if (subscription === null) return 'queued';
      const { sourceId, topic } = subscription;
      const outcome = await write((writer) => writer.queueDocument({ sourceId, topic, ...content }, clock.now(), LIMITS));
      log.info({ source: sourceId, bytes: content.bytes.length, outcome }, 'received a WebSub delivery');
      startRun();
      return outcome;
    },

    async hint(path: string) {
      const subscription = await store.readSubscription(path);
      if (subscription === null) return;
      const isNew = await write((writer) => writer.askForPoll(subscription.sourceId, clock.now(), HINT_MS));
      log.info(
        { source: subscription.sourceId, isNew },
        'ignored the content of a WebSub delivery without a valid signature; its source is polled instead',
      );
      if (isNew) startRun();
    },
  };
}

/** Returns a hub's own words, cut short, without control characters and without the secrets of the
 *  subscription. */
function toPlain(text: string, { path, secret, callback }: Subscription): string {
  const hidden = [callback, path, ...(secret === null ? [] : [secret])].reduce((rest, part) => rest.replaceAll(part, '…'), text);
  return hidden
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
