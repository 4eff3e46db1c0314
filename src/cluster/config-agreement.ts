import { hashConfig } from '../config/hash.ts';
import type { AppConfig } from '../config/config.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { ClusterReads } from '../ports/store/cluster.ts';

/** Whether the nodes of a store go by another configuration than this process: one that was taken
 *  up after this one, or for which a node is alive. Whoever went on with an older one would turn
 *  rules of feeds, and what is private, back and forth. */
export async function isSuperseded(config: AppConfig, store: ClusterReads): Promise<boolean> {
  if (config.store.kind !== 'postgres') return false;
  const { isPresent, wasPresent, othersAreAlive } = await store.compareConfig(hashConfig(config));
  return !isPresent && (wasPresent || othersAreAlive);
}

/** @throws NewsfoldError `run/other-config` when it is. */
export async function checkConfig(config: AppConfig, store: ClusterReads): Promise<void> {
  if (await isSuperseded(config, store)) throw toOtherConfig('this node works no more until it is started with that');
}

/** The refusal of a node whose configuration another one has taken the place of; `consequence` says
 *  what that comes to. */
export function toOtherConfig(consequence: string): NewsfoldError {
  const message = `nodes of this store go by another configuration since: ${consequence}; to go back to this one, save it anew, or start once with --take-over`;
  return new NewsfoldError('run/other-config', message, { exitCode: 3 });
}

/** Keeps a command from working beside nodes that go by another configuration: it would publish by
 *  its own, which they take back. Where none is alive, as for commands that cron starts, any
 *  configuration will do.
 *  @throws NewsfoldError `run/other-config` when one is. */
export async function checkBeside(config: AppConfig, store: ClusterReads): Promise<void> {
  if (config.store.kind !== 'postgres' || !(await store.compareConfig(hashConfig(config))).othersAreAlive) return;
  const message =
    'nodes that are alive go by another configuration: give the command theirs (--config FILE, and the same variables), or try again when they have this one, which serve takes up by itself and worker when it is started again';
  throw new NewsfoldError('run/other-config', message, { exitCode: 3 });
}
