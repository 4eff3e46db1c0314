import type { AppConfig } from '../config/config.ts';
import { unreachableReason } from '../ingest/http/public-site.ts';
import type { SubscriberSettings } from '../websub/subscriber/context.ts';

/** Returns whether sources that push are subscribed to, and from where. */
export function toPushSettings(config: AppConfig): SubscriberSettings {
  const { allowPrivateAddresses } = config.fetch;
  return { isOn: config.websub.subscribe && subscribeRefusalReason(config) === null, siteUrl: config.site.url, allowPrivateAddresses };
}

/** Returns why `websub.subscribe` has no effect, in words: no hub can reach the site. null when it
 *  has, or is not asked for. */
export function subscribeRefusalReason({ websub, site, fetch }: AppConfig): string | null {
  return websub.subscribe ? unreachableReason(site.url, fetch.allowPrivateAddresses) : null;
}
