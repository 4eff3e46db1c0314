import type { HubNews } from '../../model/hub.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Log } from '../../ports/log.ts';
import type { HubWorkWrites } from '../../ports/store/hub.ts';

/** Context for announcing news to a hub. */
export interface AnnounceContext {
  readonly store: HubWorkWrites;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** The external hub that our feeds name. */
  readonly hubUrl: string;
}

const TIMEOUT_MS = 10_000;
/** Time after which a failed announcement, or one claimed by a node that is gone, is tried
 *  again. */
export const AGAIN_MS = 60_000;

/** The result of announcing. */
interface Announced {
  /** false: the hub could not be reached, and no more announcements were tried. */
  readonly isUp: boolean;
  /** Addresses of the documents whose news was announced. */
  readonly announced: readonly string[];
  /** Addresses of the documents that the hub rejected. */
  readonly refused: readonly string[];
}

/** Announces documents with news to a hub, which then fetches and distributes them. WebSub leaves
 *  this request to publishers and hubs (§6); hubs agree on the one of PubSubHubbub 0.4 §7.1. */
export async function announce({ store, http, clock, log, hubUrl }: AnnounceContext, news: readonly HubNews[]): Promise<Announced> {
  const [announced, refused]: [string[], string[]] = [[], []];
  for (const document of news) {
    const now = clock.now();
    if (!(await store.claimAnnouncement(document, now, new Date(now.getTime() + AGAIN_MS)))) continue;
    const body = new TextEncoder().encode(new URLSearchParams({ 'hub.mode': 'publish', 'hub.url': document.topic }).toString());
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const result = await http.send({ method: 'POST', url: hubUrl, headers, body, timeoutMs: TIMEOUT_MS, maxBytes: 1024 });
    const isAccepted = result.kind === 'answer' && result.status >= 200 && result.status < 300;
    if (isAccepted) await store.saveAnnounced(document);
    if (isAccepted) announced.push(document.topic);
    const said = result.kind === 'answer' ? { status: result.status } : { problem: result.problem.message };
    log[isAccepted ? 'info' : 'warn'](
      { topic: document.topic, ...said },
      isAccepted ? 'announced news to the hub' : 'could not announce news to the hub',
    );
    if (isAccepted) continue;
    // The hub rejected only this document and may accept others.
    if (result.kind === 'failed' || result.status >= 500 || result.status === 429) return { isUp: false, announced, refused };
    refused.push(document.topic);
  }
  return { isUp: true, announced, refused };
}
