import { askHub } from './hub-client.ts';
import { isInnerHost } from '../../ingest/http/public-site.ts';
import { workByHost } from '../../runtime/host-queues.ts';
import type { Notice } from '../../model/source.ts';
import type { Subscription, SubscriptionChange } from '../../ports/store/subscriber.ts';
import { isCurrent, isOwnHub, makeSubscription, toBackoff } from './plan.ts';
import type { WantedSubscription } from './plan.ts';
import type { SubscribeContext } from './context.ts';
import { hostOf } from '../../model/values/address.ts';

/** The context, and whether the subscriber was told to stop. Nothing new is begun then, and an
 *  interrupted request is no fault of the hub. */
type WorkContext = SubscribeContext & { readonly isStopped: () => boolean };

/** Most hubs that are asked at once, and most requests to one host. */
const LIMITS = { total: 20, perQueue: 2 };
/** Time after which one call begins nothing new. */
const TICK_MS = 30_000;
/** Time for which a claimed request keeps other processes from sending the same one. */
const CLAIM_MS = 5 * 60_000;
/** After this many vain requests to unsubscribe, the subscription is forgotten and its lease runs
 *  out. */
const MAX_UNSUBSCRIBES = 5;

/** Does all outgoing work of the subscriber that is due now (WebSub §5): subscribes to sources that
 *  offer a hub, renews, and unsubscribes. Called twice, or by two processes at once, it sends each
 *  request once: the process that first changes a subscription sends it. Nothing that a hub does
 *  makes it throw. */
export async function maintainSubscriptions(base: SubscribeContext, isStopped: () => boolean = () => false): Promise<void> {
  const context: WorkContext = { ...base, isStopped };
  const { store, clock, settings } = context;
  const wanted = settings.push.isOn ? await readWanted(context) : new Map<string, WantedSubscription>();
  const known = await store.readSubscriptions();
  if (wanted.size === 0 && known.length === 0) return;
  const current = new Set<string>();
  for (const subscription of known.filter(({ state }) => state !== 'leaving' && state !== 'left')) {
    if (isCurrent(subscription, wanted.get(subscription.sourceId), settings.push)) current.add(subscription.sourceId);
    else await unsubscribe(context, subscription);
  }
  for (const source of wanted.values()) {
    const [hub] = source.hubs;
    if (hub === undefined || current.has(source.sourceId)) continue;
    await store.addSubscription(makeSubscription(source, hub, 0, clock.now(), settings.push));
  }
  const due = (await store.readSubscriptions()).filter(({ nextAt }) => nextAt <= clock.now());
  const until = performance.now() + TICK_MS;
  const work = (subscription: Subscription) => workOn(context, subscription, wanted.get(subscription.sourceId));
  // A thousand sources may have one hub that is down; the rest waits for the next call.
  await workByHost(
    due,
    ({ hub }) => hostOf(hub),
    LIMITS,
    work,
    () => isStopped() || performance.now() > until,
  );
}

/** Bounds of the time between two looks for work that cannot wait for the next run: leases of some
 *  seconds end between two runs. */
const LOOK_MS = { least: 1000, most: 30_000 };
/** A hub that was asked within this time may have verified since, and granted a short lease. */
const LATELY_MS = 60_000;

/** The upkeep of subscriptions between runs. */
export interface SubscriptionUpkeep {
  /** Looks again in a moment: hubs may have been asked. */
  readonly lookSoon: () => void;
  /** Ends the upkeep; resolves when no look is under way. */
  readonly stop: () => Promise<void>;
}

/** Maintains subscriptions from now on: renews leases that end before the next run. A look that
 *  finds no due work sends and changes nothing. Does nothing when the subscriber is switched
 *  off. */
export function maintainBetweenRuns(context: SubscribeContext, isStopped: () => boolean): SubscriptionUpkeep {
  if (!context.settings.push.isOn) return { lookSoon: () => undefined, stop: async () => undefined };
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const subscriptions = await context.store.readSubscriptions();
    const now = context.clock.now().getTime();
    const nextAt = subscriptions[0]?.nextAt.getTime() ?? Infinity;
    if (nextAt <= now && !isStopped()) await maintainSubscriptions(context, isStopped);
    const isLively = nextAt <= now || subscriptions.some(({ askedAt }) => askedAt !== null && now - askedAt.getTime() < LATELY_MS);
    return isLively ? LOOK_MS.least : Math.min(LOOK_MS.most, Math.max(LOOK_MS.least, (nextAt - now) / 2));
  };
  const lookIn = (ms: number) => {
    clearTimeout(timer);
    if (isStopped()) return;
    timer = setTimeout(() => {
      looking = look().then(lookIn, (error: unknown) => {
        context.log.error({ err: error }, 'could not maintain subscriptions');
        lookIn(LOOK_MS.most);
      });
    }, ms).unref();
  };
  lookIn(LOOK_MS.most);
  return {
    lookSoon: () => lookIn(LOOK_MS.least),
    async stop() {
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}

/** Returns the sources to subscribe to, by id. A source is left out if its address or request has
 *  secrets, or if it is one of our own feeds. */
async function readWanted({ store, settings }: SubscribeContext): Promise<Map<string, WantedSubscription>> {
  const hasSecrets = settings.declarations
    .filter(({ request, private: isPrivate }) => isPrivate || request.auth !== null || Object.keys(request.headers).length > 0)
    .map(({ kind, address }) => `${kind} ${address}`);
  const secret = new Set(hasSecrets);
  const wanted = new Map<string, WantedSubscription>();
  for (const source of await store.readSubscribableSources()) {
    if (source.isPrivate || secret.has(`${source.kind} ${source.address}`)) continue;
    if (settings.ownUrls.has(source.offer.topic.replace(/[?#].*$/s, '').replace(/\/$/, ''))) continue;
    const hubs = source.offer.hubs.filter((hub) => !isOwnHub(hub, settings.push));
    if (hubs.length > 0) wanted.set(source.sourceId, { ...source, hubs });
  }
  return wanted;
}

/** A subscription that no hub has confirmed is forgotten at once; a later verification is then
 *  denied. */
async function unsubscribe({ store, clock }: SubscribeContext, { path, version, state }: Subscription): Promise<void> {
  if (state === 'active')
    await store.changeSubscription(path, version, { state: 'leaving', askedAt: null, attempts: 0, nextAt: clock.now() });
  else await store.forgetSubscription(path, version);
}

async function workOn(context: WorkContext, subscription: Subscription, wanted: WantedSubscription | undefined): Promise<void> {
  const { store, clock } = context;
  const { state, path, version, attempts, expiresAt, sourceId } = subscription;
  const now = clock.now();
  const isOver = expiresAt !== null && expiresAt <= now;
  if (state === 'left' || (state === 'leaving' && (isOver || attempts >= MAX_UNSUBSCRIBES))) await store.forgetSubscription(path, version);
  else if (state === 'leaving') {
    const claim = await change(context, subscription, { askedAt: now, nextAt: new Date(now.getTime() + CLAIM_MS) });
    if (!claim) return;
    const fault = await ask(context, claim, null);
    if (fault === null || !context.isStopped()) await noteOutcome(context, claim, fault);
    // Without `wanted`, a process with another configuration has just made this subscription. It is
    // ended the next time.
  } else if (wanted !== undefined && state === 'active' && isOver) {
    // News since the lease ended was delivered to nobody, so the source is polled now, and at its
    // usual pace from then on.
    const lapsed = await change(context, subscription, { state: 'new', expiresAt: null, attempts: 0, nextAt: now });
    if (!lapsed) return;
    await store.askForPoll(sourceId, now, 0);
    await subscribe(context, lapsed, wanted);
  } else if (wanted !== undefined) await subscribe(context, subscription, wanted);
}

/** Sends a subscription to its hub; if that hub refuses, to the feed's other hubs in turn. An
 *  active subscription stays with its hub. */
async function subscribe(context: WorkContext, subscription: Subscription, wanted: WantedSubscription): Promise<void> {
  const { store, clock, settings } = context;
  const isAlive = subscription.state === 'active';
  const others = isAlive ? [] : wanted.hubs.filter((hub) => hub !== subscription.hub);
  let current = subscription;
  for (const [tried, next] of [...others, null].entries()) {
    const now = clock.now();
    const state = isAlive ? 'active' : 'asked';
    // The claim is stored before the request: a hub may verify before it answers.
    const claim = await change(context, current, { state, askedAt: now, nextAt: new Date(now.getTime() + CLAIM_MS) });
    if (!claim) return;
    const fault = await ask(context, claim, wanted);
    if (fault !== null && context.isStopped()) return;
    if (fault === null || next === null) return noteOutcome(context, claim, fault);
    context.log.info({ source: claim.sourceId, tried: tried + 1, fault }, 'a hub did not accept a subscription; the next hub is asked');
    if (!(await store.forgetSubscription(claim.path, claim.version))) return;
    current = makeSubscription(wanted, next, claim.attempts, clock.now(), settings.push);
    if (!(await store.addSubscription(current))) return;
  }
}

/** A stranger's feed must not lead into the owner's network (docs/polling.md A18): only a source
 *  inside that network may have its hub there. The hub of an ended subscription was allowed when it
 *  was made. */
function ask({ http, settings }: SubscribeContext, subscription: Subscription, wanted: WantedSubscription | null): Promise<string | null> {
  const allow = settings.push.allowPrivateAddresses;
  const source = URL.parse(wanted?.address ?? subscription.hub)?.hostname ?? '';
  const isInner = wanted !== null && isInnerHost(source, allow);
  const mode = wanted === null ? 'unsubscribe' : 'subscribe';
  return askHub(http, {
    mode,
    subscription,
    isOwnHub: (url) => isOwnHub(url, settings.push),
    allow,
    mayBeInner: (hostname) => isInner || hostname === source,
  });
}

/** Notes the outcome of a request. If the hub has verified in the meantime, the verified state
 *  stays. */
async function noteOutcome(context: SubscribeContext, claim: Subscription, fault: string | null): Promise<void> {
  const now = context.clock.now().getTime();
  const attempts = claim.attempts + 1;
  const later = now + toBackoff(attempts);
  const lapse = claim.expiresAt?.getTime() ?? later;
  const nextAt = new Date(claim.state === 'active' ? Math.max(now + 60_000, Math.min(later, lapse)) : later);
  if (!(await change(context, claim, { attempts, nextAt }))) return;
  context.log.info(
    { source: claim.sourceId, state: claim.state, fault, attempts },
    fault === null ? 'a hub was asked' : 'a hub could not be asked',
  );
  // After a single request the hub may just be slow.
  if (claim.state !== 'leaving' && (fault !== null || attempts > 1))
    await context.store.noteSubscription(claim.sourceId, toNotice(fault, nextAt, context));
}

function toNotice(fault: string | null, nextAt: Date, { clock, settings }: SubscribeContext): Notice {
  const until = `it is polled as before, and the hub is asked again ${nextAt.toISOString().slice(0, 16)}Z`;
  if (fault !== null) return { code: 'push/hub', message: `the hub could not be subscribed to: ${fault}; ${until}`, at: clock.now() };
  const message = `its hub accepts the subscription but does not verify it: can ${settings.push.siteUrl} be reached from there? ${until}`;
  return { code: 'push/unverified', message, at: clock.now() };
}

/** Changes a subscription; returns it afterwards, or null when another process was faster. */
async function change({ store }: SubscribeContext, subscription: Subscription, update: SubscriptionChange): Promise<Subscription | null> {
  const { path, version } = subscription;
  return (await store.changeSubscription(path, version, update)) ? { ...subscription, ...update, version: version + 1 } : null;
}
