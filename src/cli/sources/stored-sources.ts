import { openStored } from '../../app/app.ts';
import type { AppConfig } from '../../config/config.ts';
import { StoreError } from '../../model/errors.ts';
import type { SourceDeclaration, SourceStatus } from '../../model/source.ts';
import { exists } from '../output/files.ts';
import { complain } from '../output/print.ts';

/** The sources as the store knows them; none before the first run. The store is neither made nor
 *  changed; one that cannot be read is told on standard error and counts as none, since the
 *  configuration says enough. */
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
    // An error of a database has a code: it is not there, or an older version has made it.
    if (!(error instanceof StoreError) && !(error instanceof Error && 'code' in error)) throw error;
    complain(`the store is not looked at: ${error.message}`);
    return [];
  }
}

/** What the store knows of a configured source; null when it has never run. One file of a glob is
 *  found by no declaration. */
export function findStatus(statuses: readonly SourceStatus[], declaration: SourceDeclaration): SourceStatus | null {
  const { id, kind, address } = declaration;
  const named = id === null ? undefined : statuses.find(({ source }) => source.id === id);
  return named ?? statuses.find(({ source }) => source.kind === kind && source.address === address) ?? null;
}

/** The feed that was found on a page source's page; null while none is known. */
export function foundFeedOf(status: SourceStatus | null): string | null {
  return status?.poll.found?.url ?? null;
}
