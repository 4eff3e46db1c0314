import type { AppConfig } from './config.ts';
import { sha256Hex } from '../model/values/hash.ts';

/** It is asked for every second. */
const hashes = new WeakMap<AppConfig, string>();

/** A hash over all of a configuration that nodes must agree on, paths included: not how they serve
 *  and log, where the file lies, by which proxy they ask, or how they reach the store, whose host
 *  may have many names and whose password may be changed. Much of that is of one machine's
 *  environment alone. */
export function hashConfig(config: AppConfig): string {
  const known = hashes.get(config);
  if (known !== undefined) return known;
  const { file: _file, savedAt: _savedAt, log: _log, store: _store, server: _server, fetch, ...rest } = config;
  const { proxy: _proxy, noProxy: _noProxy, ...asking } = fetch;
  const hash = sha256Hex(JSON.stringify([rest, asking]));
  hashes.set(config, hash);
  return hash;
}
