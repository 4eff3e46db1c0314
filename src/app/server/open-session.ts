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

/** No number of what was published: the documents are still to be rendered. */
const NEVER = -1;

/** Opens the first session of a server. The store is brought up to date, and what is stored is at
 *  hand before it listens. `isFirst`: no feed was ever listed before.
 *  @throws StoreError when the store cannot be used. */
export async function openFirstSession(config: AppConfig, context: SessionContext): Promise<Session & { readonly isFirst: boolean }> {
  const explain = (error: unknown) => tell(context.onFailure, error);
  return withThread(config, context, async (thread, log) => {
    const { isFirst, known, rendered } = await withWriter(config, async (store) => {
      // Once in the life of a store, that nobody is given an empty feed; later changes of rules are
      // worked while the old list is served.
      const isNew = await areFeedsNew(config, store);
      if (isNew) await thread.update().catch(explain);
      // Before they are rendered: what is published meanwhile is rendered again.
      const before = await readStoredSite(store);
      return { isFirst: isNew, known: before, rendered: await renderStored(config, store) };
    });
    // The list that is served waits for documents that take too much; without any, all else is
    // there.
    const stored = rendered ?? (await thread.render().catch((error: unknown): readonly Document[] => (explain(error), [])));
    const published = stored.length === 0 ? NEVER : known.published;
    return { ...(await openSession(config, context, { ...known, published, stored, thread, log })), isFirst };
  });
}

/** Opens the session that takes over from another one, which must be paused: everything is made in
 *  the thread while the other one answers.
 *  @throws StoreError when the store cannot be used; NewsfoldError when the documents cannot be
 *  rendered. */
export async function openNextSession(config: AppConfig, context: SessionContext): Promise<Session> {
  const known = await withWriter(config, readStoredSite);
  return withThread(config, context, async (thread, log) => {
    await thread.update().catch((error: unknown) => {
      // Other nodes go by the old one still, until this session starts: its first run lists anew.
      const isNotYet = context.run && error instanceof NewsfoldError && error.code === 'run/other-config';
      if (!isNotYet) tell(context.onFailure, error);
    });
    return openSession(config, context, { ...known, stored: await thread.render(), thread, log });
  });
}

/** A session with a thread of its own, which ends when there is no session. */
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
