import { isInnerHost } from '../../ingest/http/public-site.ts';
import type { HttpClient } from '../../ports/http.ts';
import type { Subscription } from '../../ports/store/subscriber.ts';
import { nameUrl } from '../../model/values/address.ts';

/** A request to a hub, and the subscription that it is about. */
interface HubRequest {
  readonly mode: 'subscribe' | 'unsubscribe';
  readonly subscription: Pick<Subscription, 'hub' | 'topic' | 'callback' | 'secret'>;
  /** Reports whether an address is that of our own hub. */
  readonly isOwnHub: (url: string) => boolean;
  readonly allow: readonly string[];
  /** Reports whether a host may be inside the owner's network; any other must be on the public
   *  internet. */
  readonly mayBeInner: (hostname: string) => boolean;
}

/** The lease that is requested; hubs may grant another one. */
const LEASE_SECONDS = 10 * 86_400;
const TIMEOUT_MS = 10_000;
const MAX_REDIRECTS = 3;

/** Asks a hub to subscribe or to unsubscribe (WebSub §5.1). Returns null when the hub accepts and
 *  will verify the request. Otherwise returns the reason, in words that contain neither callback
 *  nor secret. Redirects by 307 and 308 are followed, but only to addresses that may have the
 *  secret. */
export async function askHub(http: HttpClient, { mode, subscription, isOwnHub, allow, mayBeInner }: HubRequest): Promise<string | null> {
  const { hub, topic, callback, secret } = subscription;
  const fields = { 'hub.mode': mode, 'hub.topic': topic, 'hub.callback': callback };
  const lease =
    mode === 'subscribe' ? { 'hub.lease_seconds': String(LEASE_SECONDS), ...(secret !== null && { 'hub.secret': secret }) } : {};
  const body = Buffer.from(new URLSearchParams({ ...fields, ...lease }).toString());
  let url = hub;
  for (let hop = 0; ; hop++) {
    const name = nameUrl(url);
    const publicOnly = !mayBeInner(URL.parse(url)?.hostname ?? '');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: '*/*' };
    const result = await http.send({ method: 'POST', url, headers, body, timeoutMs: TIMEOUT_MS, maxBytes: 16_384, publicOnly });
    if (result.kind === 'failed') return result.problem.message;
    const { status } = result;
    if (status >= 200 && status < 300) return null;
    if (status !== 307 && status !== 308) return `the hub ${name} answers with status ${status}`;
    const next = URL.parse(result.header('location') ?? '', url);
    if (hop >= MAX_REDIRECTS) return `the hub ${nameUrl(hub)} redirects more than ${MAX_REDIRECTS} times`;
    if (next === null || !/^https?:$/.test(next.protocol)) return `the hub ${name} redirects to no web address`;
    if (isOwnHub(next.href)) return `the hub ${name} redirects to our own hub`;
    if (secret !== null && !mayHaveSecret(next.href, mayBeInner(next.hostname) ? allow : []))
      return `the hub ${name} redirects to ${nameUrl(next)}, over which no secret may be sent`;
    url = next.href;
  }
}

/** Reports whether a secret may be sent to a hub: over https (WebSub §5.1), or to this machine or a
 *  network of the owner. */
export function mayHaveSecret(hub: string, allow: readonly string[]): boolean {
  const url = URL.parse(hub);
  return url !== null && (url.protocol === 'https:' || isInnerHost(url.hostname, allow));
}
