import type { HubNews } from '../../model/hub.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Log } from '../../ports/log.ts';
import type { HubWorkWrites } from '../../ports/store/hub.ts';

/** What announcing works with. */
export interface AnnounceContext {
  readonly store: HubWorkWrites;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** A hub elsewhere, which feeds name. */
  readonly hubUrl: string;
}

const TIMEOUT_MS = 10_000;
/** What failed, or was left by a node that is gone, is tried again after so long. */
export const AGAIN_MS = 60_000;

/** What came of it. */
export interface Announced {
  /** false: it could not be announced, and nothing more was tried. */
  readonly isUp: boolean;
  /** Documents that it was announced of. */
  readonly announced: readonly string[];
  /** Those that it does not take. */
  readonly refused: readonly string[];
}

/** Tells a hub of the documents that have news which it was not announced of, so that it fetches
 *  and distributes them. The request is the one that hubs agree on: WebSub leaves it to publishers
 *  and hubs (§6), PubSubHubbub 0.4 §7.1 has it. */
export async function announce({ store, http, clock, log, hubUrl }: AnnounceContext, news: readonly HubNews[]): Promise<Announced> {
  const [announced, refused]: [string[], string[]] = [[], []];
  for (const one of news) {
    const now = clock.now();
    if (!(await store.claimAnnouncement(one, now, new Date(now.getTime() + AGAIN_MS)))) continue;
    const body = new TextEncoder().encode(new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': one.topic }).toString());
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const result = await http.send({ method: 'POST', url: hubUrl, headers, body, timeoutMs: TIMEOUT_MS, maxBytes: 1024 });
    const isTold = result.kind === 'answer' && result.status >= 200 && result.status < 300;
    if (isTold) await store.saveAnnounced(one);
    if (isTold) announced.push(one.topic);
    const said = result.kind === 'answer' ? { status: result.status } : { problem: result.problem.message };
    log[isTold ? 'info' : 'warn'](
      { topic: one.topic, ...said },
      isTold ? 'the hub was announced of news' : 'the hub could not be announced of news',
    );
    if (isTold) continue;
    // Of others it may want to hear.
    if (result.kind === 'failed' || result.status >= 500 || result.status === 429) return { isUp: false, announced, refused };
    refused.push(one.topic);
  }
  return { isUp: true, announced, refused };
}
