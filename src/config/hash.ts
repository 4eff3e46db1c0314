import type { AppConfig } from './config.ts';
import { sha256Hex } from '../model/values/hash.ts';

/** Cache: the hash is compared once a second. */
const hashes = new WeakMap<AppConfig, string>();

/** Returns a hash of the settings that all nodes must share, paths included. Left out are the
 *  server, the log, the location of the file and the proxy, which belong to one machine. Left out
 *  is the address of the store as well: its host may have several names and its password may
 *  change. */
export function hashConfig(config: AppConfig): string {
  const known = hashes.get(config);
  if (known !== undefined) return known;
  const { file: _file, savedAt: _savedAt, log: _log, store: _store, server: _server, fetch, ...shared } = config;
  const { proxy: _proxy, noProxy: _noProxy, ...sharedFetch } = fetch;
  const hash = sha256Hex(JSON.stringify([shared, sharedFetch]));
  hashes.set(config, hash);
  return hash;
}
