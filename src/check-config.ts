import { hashConfig } from './config/hash.ts';
import type { Config } from './config/load.ts';
import { NewsfoldError } from './model/errors.ts';
import type { Store } from './ports/store.ts';

/** Whether a store that nodes share is another configuration's by now: that of the node which has started last. Whoever goes on with an older one would turn rules of feeds, and
 *  what is private, back and forth. */
export async function isSuperseded(config: Config, store: Pick<Store, 'readConfigHash'>): Promise<boolean> {
  if (config.store.kind !== 'postgres') return false;
  const known = await store.readConfigHash();
  return known !== null && known !== hashConfig(config);
}

/** @throws NewsfoldError `run/other-config` when it is. */
export async function checkConfig(config: Config, store: Pick<Store, 'readConfigHash'>): Promise<void> {
  if (!(await isSuperseded(config, store))) return;
  const message = 'another node has started with another configuration: this one works no more until it is restarted with that';
  throw new NewsfoldError('run/other-config', message, { exitCode: 3 });
}
