import { openStored } from '../../app/app.ts';
import type { AppConfig } from '../../config/config.ts';
import { StoreError } from '../../model/errors.ts';
import type { SourceDeclaration, SourceStatus } from '../../model/source.ts';
import { exists } from '../output/files.ts';
import { complain } from '../output/print.ts';

/** Returns the stored sources; none before the first run. The store is neither created nor
 *  changed. An unreadable store is reported on standard error and counts as empty, since the
 *  configuration is enough for the caller. */
export async function readStatuses(config: AppConfig): Promise<readonly SourceStatus[]> {
  if (config.store.kind === 'sqlite' && !(await exists(config.store.path))) return [];
  try {
    const { store } = await openStored(config.file);
    try {
      return await store.readSources();
    } finally {
      await store.close();
    }
  } catch (error) {
    // Database errors have a code: the store is missing, or an older version wrote it.
    if (!(error instanceof StoreError) && !(error instanceof Error && 'code' in error)) throw error;
    complain(`the store cannot be read and is ignored: ${error.message}`);
    return [];
  }
}

/** Returns the stored status of a configured source; null when it has never run. Files of a glob
 *  have no declaration of their own. */
export function findStatus(statuses: readonly SourceStatus[], declaration: SourceDeclaration): SourceStatus | null {
  const { id, kind, address } = declaration;
  const named = id === null ? undefined : statuses.find(({ source }) => source.id === id);
  return named ?? statuses.find(({ source }) => source.kind === kind && source.address === address) ?? null;
}

/** Returns the feed that was found on a page source's page; null while none is known. */
export function foundFeedOf(status: SourceStatus | null): string | null {
  return status?.poll.found?.url ?? null;
}
