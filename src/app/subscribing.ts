import type { AppConfig } from '../config/config.ts';
import { unreachableReason } from '../ingest/http/public-site.ts';
import type { SubscriberSettings } from '../websub/subscriber/context.ts';

/** Returns the settings of WebSub subscriptions. */
export function toPushSettings(config: AppConfig): SubscriberSettings {
  const { allowPrivateAddresses } = config.fetch;
  return { isOn: config.websub.subscribe && subscribeRefusalReason(config) === null, siteUrl: config.site.url, allowPrivateAddresses };
}

/** Returns in words why `websub.subscribe` has no effect: no hub can reach the site. Returns
 *  null when it has an effect, or is off. */
export function subscribeRefusalReason({ websub, site, fetch }: AppConfig): string | null {
  return websub.subscribe ? unreachableReason(site.url, fetch.allowPrivateAddresses) : null;
}
