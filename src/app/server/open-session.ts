import { createRunThread } from '../threads/run-thread.ts';
import type { RunThread } from '../threads/run-thread.ts';
import { openSession } from './session.ts';
import type { Session, SessionContext } from './session.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Document } from '../../model/feed.ts';
import type { Log } from '../../ports/log.ts';
import { createLog } from '../log.ts';
import { withWriter } from '../open-store.ts';
import { tell } from './run-queue.ts';
import { areFeedsNew, readStoredSite, renderStored } from './stored-site.ts';

/** Stands for a publication number when documents are still to be rendered. */
const NEVER = -1;

/** Opens the first session of a server. The store is migrated, and stored documents are ready
 *  before it listens. `isFirst` is true when no feed had ever been listed.
 *  @throws StoreError when the store cannot be used. */
export async function openFirstSession(config: AppConfig, context: SessionContext): Promise<Session & { readonly isFirst: boolean }> {
  const explain = (error: unknown) => tell(context.onFailure, error);
  return withThread(config, context, async (thread, log) => {
    const { isFirst, known, rendered } = await withWriter(config, async (store) => {
      // A new store is updated before the first answer, so that nobody gets an empty feed. Later
      // changes of rules are applied while the old documents are served.
      const isNew = await areFeedsNew(config, store);
      if (isNew) await thread.update().catch(explain);
      // The number is read before rendering, so that a publication in between causes another
      // rendering.
      const before = await readStoredSite(store);
      return { isFirst: isNew, known: before, rendered: await renderStored(config, store) };
    });
    // A failed rendering must not keep the server from starting: pages work without documents.
    const stored = rendered ?? (await thread.render().catch((error: unknown): readonly Document[] => (explain(error), [])));
    const published = stored.length === 0 ? NEVER : known.published;
    return { ...(await openSession(config, context, { ...known, published, stored, thread, log })), isFirst };
  });
}

/** Opens the session that replaces another one, which must be paused. The documents are rendered
 *  in the new session's process while the old session answers.
 *  @throws StoreError when the store cannot be used; NewsfoldError when the documents cannot be
 *  rendered. */
export async function openNextSession(config: AppConfig, context: SessionContext): Promise<Session> {
  const known = await withWriter(config, readStoredSite);
  return withThread(config, context, async (thread, log) => {
    await thread.update().catch((error: unknown) => {
      // Other nodes use the old configuration until this session starts; its first run updates the
      // feeds.
      const isNotYet = context.run && error instanceof NewsfoldError && error.code === 'run/other-config';
      if (!isNotYet) tell(context.onFailure, error);
    });
    return openSession(config, context, { ...known, stored: await thread.render(), thread, log });
  });
}

/** Opens a session with its own run process, which is stopped when opening fails. */
async function withThread<T>(config: AppConfig, { memory }: SessionContext, open: (thread: RunThread, log: Log) => Promise<T>): Promise<T> {
  const log = createLog(config);
  const thread = createRunThread(config, log, { memoryMb: memory });
  try {
    return await open(thread, log);
  } catch (error) {
    await thread.stop();
    throw error;
  }
}
