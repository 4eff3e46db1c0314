import { createHash } from 'node:crypto';
import { dirname, relative } from 'node:path';
import type { Config } from './load.ts';

/** A hash over all of a configuration that nodes must agree on: not where they listen, what they log, or in which folder they lie. */
export function hashConfig(config: Config): string {
  const { file, log: _log, server, sources, ...rest } = config;
  const { host: _host, port: _port, ...serving } = server;
  const isLocal = ({ kind }: { readonly kind: string }) => kind === 'file' || kind === 'articles';
  const declared = sources.map((source) => (isLocal(source) ? { ...source, address: relative(dirname(file), source.address) } : source));
  return createHash('sha256')
    .update(JSON.stringify([rest, serving, declared]))
    .digest('hex');
}
