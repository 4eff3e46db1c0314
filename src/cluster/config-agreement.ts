import { hashConfig } from '../config/hash.ts';
import type { AppConfig } from '../config/config.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { ClusterReads } from '../ports/store/cluster.ts';

/** Reports whether the nodes of a store use another configuration than this process: a newer one,
 *  or one with a live node. Two nodes with different configurations would overwrite each other's
 *  feed rules and privacy settings, so the older one stops. */
export async function isSuperseded(config: AppConfig, store: ClusterReads): Promise<boolean> {
  if (config.store.kind !== 'postgres') return false;
  const { isPresent, wasPresent, othersAreAlive } = await store.compareConfig(hashConfig(config));
  return !isPresent && (wasPresent || othersAreAlive);
}

/** @throws NewsfoldError `run/other-config` when this configuration is superseded. */
export async function checkConfig(config: AppConfig, store: ClusterReads): Promise<void> {
  if (await isSuperseded(config, store)) throw toOtherConfig('this node has stopped; restart it with the newer file');
}

/** Returns the error of a node whose configuration was replaced; `consequence` tells the owner what
 *  follows. */
export function toOtherConfig(consequence: string): NewsfoldError {
  const message = `another node has loaded a newer configuration: ${consequence}; to go back to this file, save it again, or start once with --take-over`;
  return new NewsfoldError('run/other-config', message, { exitCode: 3 });
}

/** Refuses a command beside live nodes with another configuration: the command would publish by its
 *  own rules, and the nodes would undo that. Without a live node, as for commands that cron starts,
 *  any configuration is accepted.
 *  @throws NewsfoldError `run/other-config` when such a node is alive. */
export async function checkBeside(config: AppConfig, store: ClusterReads): Promise<void> {
  if (config.store.kind !== 'postgres' || !(await store.compareConfig(hashConfig(config))).othersAreAlive) return;
  const message =
    'live nodes use another configuration: give the command theirs (--config FILE, and the same variables), or try again when they use this one; serve loads it by itself, worker when it is restarted';
  throw new NewsfoldError('run/other-config', message, { exitCode: 3 });
}
