import { createHash } from 'node:crypto';
import type { Config } from './load.ts';

/** It is asked for every second. */
const hashes = new WeakMap<Config, string>();

/** A hash over all of a configuration that nodes must agree on, paths included: not where they listen, what they log, where the file lies,
 *  or how they reach the store, whose host may have many names and whose password may be changed. */
export function hashConfig(config: Config): string {
  const known = hashes.get(config);
  if (known !== undefined) return known;
  const { file: _file, log: _log, store: _store, server, ...rest } = config;
  const { host: _host, port: _port, ...serving } = server;
  const hash = createHash('sha256')
    .update(JSON.stringify([rest, serving]))
    .digest('hex');
  hashes.set(config, hash);
  return hash;
}
