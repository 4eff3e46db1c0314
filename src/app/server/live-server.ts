import type { Session, SessionContext } from './session.ts';
import type { AppConfig } from '../../config/config.ts';
import { systemClock } from '../../runtime/clock.ts';
import { listen } from '../../serve/http/listen.ts';
import { createMetrics } from '../../serve/metrics/metrics.ts';
import { openFirstSession, openNextSession } from './open-session.ts';

/** A server that listens, and takes up one configuration after the other. */
export interface LiveServer {
  readonly url: string;
  /** true when no feed was ever listed before. */
  readonly isFirst: boolean;
  /** The session that answers now. */
  readonly session: () => Pick<Session, 'startRun' | 'start' | 'pause' | 'update'>;
  /** Takes up another configuration; resolves when its session answers, which is not started.
   *  Returns a function that closes the old session, which is paused, after its last answer.
   *  @throws whatever keeps the new session from being opened. The old one goes on then, unless
   *  `signal` is aborted: the server is about to end. */
  readonly takeUp: (config: AppConfig, signal: AbortSignal) => Promise<() => Promise<void>>;
  /** Takes no more requests; resolves when the last answer is out. */
  readonly stopListening: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a live server is opened with, beside its configuration. */
export interface LiveServerOptions extends Omit<SessionContext, 'metrics'> {
  /** In place of the configuration's. */
  readonly port?: number;
}

/** Opens the first session and listens.
 *  @throws StoreError when the store cannot be used; NewsfoldError `serve/port` when the address
 *  cannot be had. */
export async function openLiveServer(config: AppConfig, options: LiveServerOptions): Promise<LiveServer> {
  const context: SessionContext = { ...options, metrics: createMetrics(systemClock, { ofProcess: true }) };
  const first = await openFirstSession(config, context);
  let session: Session = first;
  const answers = countAnswers();
  const fetch = (...request: Parameters<Session['fetch']>) => answers.count(session, () => session.fetch(...request));
  try {
    const { host, port } = config.server;
    const listening = await listen({ fetch }, { host, port: options.port ?? port });
    return {
      url: listening.url,
      isFirst: first.isFirst,
      session: () => session,
      async takeUp(next, signal) {
        const old = session;
        await old.pause();
        try {
          session = await openNextSession(next, context);
        } catch (error) {
          if (!signal.aborted) old.start();
          throw error;
        }
        return async () => {
          await answers.ended(old);
          await old.close();
        };
      },
      stopListening: listening.close,
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Knows when a session has given its last answer: its store must not be closed before. */
function countAnswers() {
  const going = new Map<Session, Set<Promise<unknown>>>();
  return {
    count<T>(session: Session, answer: () => T | Promise<T>): Promise<T> {
      const answers = going.get(session) ?? new Set();
      going.set(session, answers);
      const answering = Promise.resolve(answer()).finally(() => answers.delete(answering));
      answers.add(answering);
      return answering;
    },
    async ended(session: Session): Promise<void> {
      await Promise.allSettled(going.get(session) ?? new Set<Promise<unknown>>());
      going.delete(session);
    },
  };
}
