import type { Kysely } from 'kysely';
import type { ClusterReads, ClusterWrites } from '../../ports/store/cluster.ts';
import type { Backend } from '../engine/backend.ts';
import type { Reader } from '../engine/reader.ts';
import { fromJson, toJsonColumn } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { readMetas, saveMeta } from '../sql/meta.ts';

/** Number of former configurations that are remembered. An even older one counts as new. */
const MOST_BEFORE = 50;

/** Reads the configuration that all nodes of a store must have, and the former ones. */
export function clusterReads(db: Reader, { hasNode }: Pick<Backend, 'hasNode'>): ClusterReads {
  return {
    async compareConfig(hash) {
      const { present, before } = await readConfigs(db);
      if (present === null || present === hash) return { isPresent: true, wasPresent: false, othersAreAlive: false };
      return { isPresent: false, wasPresent: before.includes(hash), othersAreAlive: await hasNode(db, present) };
    },
  };
}

/** Writes the configuration that all nodes of a store must have. */
export function clusterWrites(db: Kysely<Schema>, backend: Pick<Backend, 'announceNode'>): ClusterWrites {
  return {
    announceNode: async (hash) => (await backend.announceNode?.(hash)) ?? (async () => undefined),

    takeUpConfig: (hash, { isDeliberate, savedAt, at }) =>
      db.transaction().execute(async (trx) => {
        const { present, before, takenUpAt } = await readConfigs(trx);
        if (present === hash) return true;
        if (before.includes(hash) && !isDeliberate && savedAt.getTime() <= takenUpAt) return false;
        const others = [present, ...before].filter((other) => other !== null && other !== hash);
        await saveMeta(trx, 'config', hash);
        await saveMeta(trx, 'config at', String(at.getTime()));
        await saveMeta(trx, 'configs before', toJsonColumn(others.slice(0, MOST_BEFORE)));
        return true;
      }),
  };
}

async function readConfigs(
  db: Reader,
): Promise<{ readonly present: string | null; readonly before: readonly string[]; readonly takenUpAt: number }> {
  const values = await readMetas(db, ['config', 'config at', 'configs before']);
  const before = fromJson<readonly string[]>(values.get('configs before') ?? '[]');
  return { present: values.get('config') ?? null, before, takenUpAt: Number(values.get('config at') ?? Infinity) };
}
