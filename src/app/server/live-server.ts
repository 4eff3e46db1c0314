import type { Session, SessionContext } from './session.ts';
import type { AppConfig } from '../../config/config.ts';
import { systemClock } from '../../runtime/clock.ts';
import { listen } from '../../serve/http/listen.ts';
import { createMetrics } from '../../serve/metrics/metrics.ts';
import { openFirstSession, openNextSession } from './open-session.ts';

/** A server that listens and can change to another configuration. */
interface LiveServer {
  readonly url: string;
  /** true when no feed had ever been listed before. */
  readonly isFirst: boolean;
  /** Returns the session that answers now. */
  readonly session: () => Pick<Session, 'startRun' | 'start' | 'pause' | 'update'>;
  /** Changes to another configuration. Resolves when the new session answers; it is not started
   *  yet. Returns a function that closes the old, paused session after its last answer.
   *  @throws the error that keeps the new session from opening. The old session then goes on,
   *  unless `signal` is aborted because the server is ending. */
  readonly takeUp: (config: AppConfig, signal: AbortSignal) => Promise<() => Promise<void>>;
  /** Stops accepting requests; resolves when the last answer is sent. */
  readonly stopListening: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Options of a live server besides its configuration. */
interface LiveServerOptions extends Omit<SessionContext, 'metrics'> {
  /** Replaces the configured port. */
  readonly port?: number;
}

/** Opens the first session and listens.
 *  @throws StoreError when the store cannot be used; NewsfoldError `serve/port` when the address
 *  cannot be bound. */
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

/** Tracks the answers of each session: its store must stay open until the last one is sent. */
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
