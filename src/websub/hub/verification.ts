import { randomBytes } from 'node:crypto';
import { LIMITS } from './hub-context.ts';
import type { HubContext } from './hub-context.ts';
import { workByHost } from '../../runtime/host-queues.ts';
import type { HubVerification, HubOutcome } from '../../model/hub.ts';
import type { HttpResult } from '../../ports/http.ts';

/** Most verifications at once, in all and for one host. */
const AT_ONCE = { total: 50, perQueue: 10 };
const TIMEOUT_MS = 10_000;
/** Time for which claimed verifications belong to their node: those of one host are worked one
 *  after the other. */
const CLAIM_MS = 300_000;
const CLAIMED = 50;
/** Waits before the second and the third attempt; there is no fourth. */
const PATIENCE_MS = [10_000, 60_000];

/** Verifies the intent of subscribing and unsubscribing callbacks (W3C WebSub §5.3), and tells
 *  callbacks whose subscription was ended (§5.2). Returns whether anybody was subscribed. */
export async function workVerifications(context: HubContext): Promise<boolean> {
  const { store, clock, isStopped } = context;
  let hasNew = false;
  for (; !isStopped();) {
    const now = clock.now();
    const intents = await store.claimHubIntents(now, new Date(now.getTime() + CLAIM_MS), CLAIMED);
    if (intents.length === 0) return hasNew;
    const work = async (intent: HubVerification) => {
      hasNew = (await workIntent(context, intent)) || hasNew;
    };
    await workByHost(intents, ({ host }) => host, AT_ONCE, work, isStopped);
  }
  return hasNew;
}

async function workIntent(context: HubContext, intent: HubVerification): Promise<boolean> {
  const { store, http, clock, log, isStopped } = context;
  const challenge = randomBytes(24).toString('base64url');
  const url = toQuestion(intent, challenge);
  const result = await http.send({
    method: 'GET',
    url,
    headers: {},
    body: null,
    timeoutMs: TIMEOUT_MS,
    maxBytes: 4096,
  });
  // This process interrupted the request by stopping; the next process repeats it.
  if (isStopped() && result.kind === 'failed') return false;
  const outcome = judge(intent, result, challenge, clock.now());
  const said = { mode: intent.mode, topic: intent.topic, host: intent.host, outcome: outcome?.kind ?? 'later' };
  log.info(
    { ...said, ...(result.kind === 'failed' ? { problem: result.problem.code } : { status: result.status }) },
    'hub: verified an intent',
  );
  if (outcome !== null) {
    const verified = { address: result.kind === 'answer' ? result.address : null, limits: LIMITS };
    if ((await store.endHubIntent(intent, outcome, verified)) === 'ended') return outcome.kind === 'subscribed';
    log.warn(said, 'hub: a verified subscription was refused: its client, site or address has as many as the hub allows');
    return false;
  }
  await store.postponeHubIntent(intent, new Date(clock.now().getTime() + (PATIENCE_MS[intent.attempts] ?? 0)));
  return false;
}

/** Returns the outcome of a verification; null when it must be repeated. */
function judge(intent: HubVerification, result: HttpResult, challenge: string, now: Date): HubOutcome | null {
  const { mode, leaseSeconds, attempts } = intent;
  const isOk = result.kind === 'answer' && result.status >= 200 && result.status < 300;
  if (isOk && mode !== 'denied' && Buffer.from(result.body).toString('utf8').trim() === challenge)
    return mode === 'unsubscribe'
      ? { kind: 'unsubscribed' }
      : { kind: 'subscribed', expiresAt: new Date(now.getTime() + leaseSeconds * 1000) };
  const mayPass =
    result.kind === 'failed' ? result.problem.code !== 'fetch/private-address' : result.status >= 500 || result.status === 429;
  return mayPass && attempts < PATIENCE_MS.length ? null : { kind: 'refused' };
}

/** Returns the callback with the parameters of the verification after its own query, which stays
 *  unchanged. */
function toQuestion({ mode, topic, callback, leaseSeconds }: HubVerification, challenge: string): string {
  const asked = new URLSearchParams({ 'hub.mode': mode, 'hub.topic': topic });
  if (mode === 'denied') asked.set('hub.reason', 'this feed is not published here any more');
  else asked.set('hub.challenge', challenge);
  if (mode === 'subscribe') asked.set('hub.lease_seconds', String(leaseSeconds));
  return `${callback}${callback.includes('?') ? '&' : '?'}${asked.toString()}`;
}
