import type { Config } from '../config/config.ts';
import { whyNotReachable } from '../ingest/http/public-site.ts';
import type { PushSettings } from '../websub/subscriber/context.ts';

/** Returns whether sources that push are subscribed to, and from where. */
export function toPushSettings(config: Config): PushSettings {
  const { allowPrivateAddresses } = config.fetch;
  return { isOn: config.websub.subscribe && whyNoPushes(config) === null, siteUrl: config.site.url, allowPrivateAddresses };
}

/** Returns why `websub.subscribe` has no effect, in words: no hub can reach the site. null when it has, or is not asked for. */
export function whyNoPushes({ websub, site, fetch }: Config): string | null {
  return websub.subscribe ? whyNotReachable(site.url, fetch.allowPrivateAddresses) : null;
}
