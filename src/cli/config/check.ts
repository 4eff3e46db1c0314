import { subscribeRefusalReason } from '../../app/subscribing.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { readConfig } from '../../app/config.ts';
import { toJsonSchema } from '../../config/json-schema.ts';
import { findOddities } from './check-notes.ts';
import { countOf, print } from '../output/print.ts';

/** Checks the configuration and prints what it declares; faults are thrown as ConfigError, all
 *  at once. With `schema`, prints the JSON Schema of config/newsfold.schema.json. */
export async function checkCommand(options: { readonly config: string; readonly schema?: boolean }): Promise<number> {
  if (options.schema === true) {
    print(JSON.stringify(toJsonSchema(), null, 2));
    return 0;
  }
  const config = readConfig(options.config);
  const store = config.store.kind === 'sqlite' ? config.store.path : 'PostgreSQL';
  print(
    `${config.file} is valid: ${countOf(config.sources.length, 'source')}, ${countOf(config.feeds.length, 'feed')}, store ${store}, schedule ${config.schedule}`,
  );
  if (config.keep.days !== null && config.keep.days * DAY_MS < config.fold.windowMs)
    print('note: keep.days is shorter than fold.window: a copy that arrives after its story was deleted becomes a new story');
  const reason = subscribeRefusalReason(config);
  if (reason !== null)
    print(`note: websub.subscribe has no effect: no hub can reach ${config.site.url} (${reason}); sources with a hub are polled`);
  for (const note of await findOddities(config)) print(`note: ${note}`);
  return 0;
}
