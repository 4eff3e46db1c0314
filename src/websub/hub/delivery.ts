import { createHmac } from 'node:crypto';
import { LIMITS } from './hub-context.ts';
import type { HubContext } from './hub-context.ts';
import { readRetryAfter } from '../../ingest/http/poll-hints.ts';
import type { HubDelivery, HubNews, HubResult } from '../../model/hub.ts';
import { DAY_MS } from '../../model/values/time.ts';
import type { HttpResult } from '../../ports/http.ts';

/** A document to deliver, with its position in the feed's history. */
export interface HubDocument {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly seq: number;
}

/** Most deliveries at once, in all and to one host: hanging deliveries must not delay the
 *  others. */
const MOST = 100;
const MOST_PER_HOST = 4;
const TIMEOUT_MS = 10_000;
/** Time for which a claimed delivery belongs to its node. If that node is killed, another one
 *  delivers after it. */
const CLAIM_MS = 30_000;
const LONGEST_WAIT_MS = 21_600_000;
/** Waits between attempts after failures; after the last one LONGEST_WAIT_MS applies. */
const BACKOFF_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000];
/** A subscriber who accepts nothing for this long, in this many attempts, is unsubscribed. Time in
 *  which this server was down does not count. */
const PATIENCE = { ms: 3 * DAY_MS, tries: 12 };

/** Delivers news to subscribers (W3C WebSub §7), many at once. `look` begins all due deliveries; it
 *  resolves when there are no more or no room is left. */
export function createDelivery(
  context: HubContext,
  readNews: () => readonly HubNews[],
  read: (topic: string) => Promise<HubDocument | null>,
) {
  const { store, clock, log, isStopped } = context;
  const going = new Map<string, Promise<void>>();
  const perHost = new Map<string, number>();
  let looking: Promise<void> | null = null;
  let isAsked = false;

  const look = (): Promise<void> => {
    isAsked = true;
    looking ??= begin().finally(() => (looking = null));
    return looking;
  };

  async function begin(): Promise<void> {
    while (isAsked && !isStopped()) {
      isAsked = false;
      const now = clock.now();
      const busy = [...perHost].filter(([, count]) => count >= MOST_PER_HOST).map(([host]) => host);
      const claim = { now, until: new Date(now.getTime() + CLAIM_MS), limit: MOST - going.size, busy };
      const claimed = await store.claimHubDeliveries(readNews(), claim);
      const tooMany = claimed.filter((delivery) => !start(delivery));
      await store.releaseHubDeliveries(
        tooMany.map(({ id }) => id),
        now,
      );
      if (claimed.length > tooMany.length && going.size < MOST) isAsked = true;
    }
  }

  /** Starts a delivery; returns false when its host has the most deliveries allowed. */
  function start(delivery: HubDelivery): boolean {
    const { host } = delivery;
    const count = perHost.get(host) ?? 0;
    if (count >= MOST_PER_HOST) return false;
    perHost.set(host, count + 1);
    const end = () => {
      going.delete(delivery.id);
      const remaining = (perHost.get(host) ?? 1) - 1;
      if (remaining === 0) perHost.delete(host);
      else perHost.set(host, remaining);
      if (!isStopped()) void look().catch((error: unknown) => log.error({ err: error }, 'hub: could not look for due deliveries'));
    };
    const making = deliver(context, delivery, read)
      .catch((error: unknown) => log.error({ err: error, host }, 'hub: a delivery failed'))
      .finally(end);
    going.set(delivery.id, making);
    return true;
  }

  /** Resolves when all deliveries under way have ended. */
  const ended = async () => {
    await looking;
    await Promise.all(going.values());
  };
  return { look, ended };
}

async function deliver(context: HubContext, delivery: HubDelivery, read: (topic: string) => Promise<HubDocument | null>): Promise<void> {
  const { store, http, clock, log, isStopped } = context;
  const { id, topic, callback, host, secret } = delivery;
  const document = await read(topic);
  if (document === null) return;
  const { bytes, contentType, seq } = document;
  const headers = {
    'content-type': contentType,
    link: `<${context.hubUrl}>; rel="hub", <${topic}>; rel="self"`,
    ...(secret !== null && { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}` }),
  };
  const answer = await http.send({
    method: 'POST',
    url: callback,
    headers,
    body: bytes,
    timeoutMs: TIMEOUT_MS,
    maxBytes: 1024,
  });
  // This process interrupted the request by stopping: the delivery is due again when its claim
  // ends.
  if (isStopped() && answer.kind === 'failed') return;
  const result = judge(delivery, answer, seq, clock.now());
  const status = answer.kind === 'answer' ? { status: answer.status } : { problem: answer.problem.code };
  log[result.kind === 'failed' ? 'info' : 'debug']({ topic, host, outcome: result.kind, ...status }, 'hub: delivered');
  const found =
    answer.kind === 'answer' && answer.address !== null ? { address: answer.address, limits: LIMITS, at: clock.now() } : undefined;
  await store.saveHubResult(id, result, found);
}

function judge({ attempts, failingSince }: HubDelivery, answer: HttpResult, seq: number, now: Date): HubResult {
  if (answer.kind === 'answer' && answer.status >= 200 && answer.status < 300) return { kind: 'delivered', seq };
  if (answer.kind === 'answer' && answer.status === 410) return { kind: 'ended' };
  const isOver = failingSince !== null && now.getTime() - failingSince.getTime() > PATIENCE.ms && attempts >= PATIENCE.tries;
  if (isOver) return { kind: 'givenUp', at: now };
  const asked = answer.kind === 'answer' ? readRetryAfter(answer.header('retry-after'), now) : null;
  const wait = Math.max(BACKOFF_MS[attempts] ?? LONGEST_WAIT_MS, (asked?.getTime() ?? 0) - now.getTime());
  const problem = answer.kind === 'failed' ? answer.problem : { code: 'hub/status', message: `the callback answered ${answer.status}` };
  return { kind: 'failed', at: now, nextAt: new Date(now.getTime() + Math.min(wait, LONGEST_WAIT_MS)), problem };
}
