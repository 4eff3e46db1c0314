import { createServerMetrics, listenOn } from '../site.ts';
import { readConfig } from '../wiring.ts';
import type { Config } from '../wiring.ts';
import { hashConfig } from '../config/hash.ts';
import { watchConfig } from '../config/watch.ts';
import { ConfigError, NewsfoldError } from '../model/errors.ts';
import { complain, countOf, print } from './print.ts';
import { toFaultLine } from './report.ts';
import { explainFailure, openFirstSession, openNextSession } from './serve-session.ts';
import type { Session } from './serve-session.ts';

/** Options of `newsfold serve`. */
export interface ServeCommandOptions {
  readonly config: string;
  /** false: no run at start and no schedule. */
  readonly run: boolean;
  readonly port?: number;
  /** Heap of the run's thread, MB. */
  readonly memory: number;
  /** Has all nodes go by the configuration of this one, also when another one has taken its place before. */
  readonly takeOver?: boolean;
}

/** Server, schedule, and a first run at start. Runs and rendering live in a thread of their own; the server only reads. A configuration that is saved is in
 *  force within seconds; one with a fault is told, and the old one stays. Resolves with 0 when `signal` is aborted and the work at hand is done. */
export async function serveCommand(given: ServeCommandOptions, signal: AbortSignal): Promise<number> {
  const options = { ...given, metrics: createServerMetrics() };
  let config = readConfig(options.config);
  const first = await openFirstSession(config, options);
  let session: Session = first;
  const answers = countAnswers();
  try {
    const handler = (...request: Parameters<Session['fetch']>) => answers.count(session, () => session.fetch(...request));
    const listening = await listenOn(handler, { host: config.server.host, port: options.port ?? config.server.port });
    print(`Newsfold serves ${config.site.url}/ on ${listening.url}`);
    if (options.port) warnOfOtherPort(config.site.url, options.port);
    printFeeds(config);
    if (!options.run && !first.isFirst) void first.update();
    let changing = Promise.resolve();
    const change = async () => {
      const next = readNext(options.config, config);
      if (next === null || signal.aborted) return;
      const old = session;
      await old.pause();
      try {
        session = await openNextSession(next, options);
      } catch (error) {
        if (!signal.aborted) old.start();
        throw error;
      }
      if (signal.aborted) return old.close();
      // A file that is saved as it was asks for nothing.
      const isDeliberate = hashConfig(next) !== hashConfig(config);
      config = next;
      style.end();
      style = watchStyle(config, note);
      session.start({ isDeliberate });
      print(`the configuration was changed: ${countOf(config.sources.length, 'source')}, ${countOf(config.feeds.length, 'feed')}`);
      printFeeds(config);
      if (options.run) void session.startRun();
      await answers.ended(old);
      await old.close();
    };
    const note = () => (changing = changing.then(change).catch(explainAny));
    const unwatch = watchConfig(config.file, note);
    let style = watchStyle(config, note);
    session.start({ isDeliberate: options.takeOver ?? false });
    // Told to stop during its first run, it stops that run: it does not wait for its end.
    if (options.run) await Promise.race([session.startRun(), aborted(signal)]);
    if (options.run && !signal.aborted) print(`Next runs by the schedule ${config.schedule}; Ctrl-C ends`);
    await aborted(signal);
    unwatch();
    style.end();
    await session.pause();
    await changing;
    await listening.close();
    return 0;
  } finally {
    await session.close();
  }
}

/** Whoever follows a link of a feed comes to where the site says that it is. */
function warnOfOtherPort(siteUrl: string, port: number): void {
  const { hostname, port: named, protocol } = new URL(siteUrl);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (isHere && Number(named || (protocol === 'https:' ? 443 : 80)) !== port)
    complain(`newsfold: links and feeds name ${siteUrl}, not port ${port}: set site.url, or NEWSFOLD_URL=http://localhost:${port}`);
}

/** The owner's stylesheet is a part of the configuration that stands beside it. */
function watchStyle({ stylesheetFile }: Config, onChange: () => void): { readonly end: () => void } {
  return { end: stylesheetFile === null ? () => undefined : watchConfig(stylesheetFile, onChange) };
}

/** The configuration as it was saved; null when it has a fault, which is told. What the server stands on stays as it is. */
function readNext(file: string, old: Config): Config | null {
  try {
    const next = readConfig(file);
    const { host, port } = old.server;
    const isMoved = JSON.stringify([next.store, next.server.host, next.server.port]) !== JSON.stringify([old.store, host, port]);
    if (isMoved)
      complain('newsfold: store, server.host and server.port are taken up by a restart; the rest of the configuration is in force now');
    return { ...next, store: old.store, server: { ...next.server, host, port } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) complain(toFaultLine(error.file, fault));
    complain('newsfold: the configuration was changed and has faults: the one from before stays in force');
    return null;
  }
}

/** A change that fails, for whatever reason, leaves the server as it was. */
function explainAny(error: unknown): void {
  if (error instanceof NewsfoldError) explainFailure(error);
  else
    complain(
      `newsfold: the configuration could not be taken up: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
}

function printFeeds({ site, feeds }: Config): void {
  for (const feed of feeds) print(`  ${site.url}${feed.isDefault ? '/feed.atom' : `/feeds/${feed.slug}.atom`}  ${feed.title}`);
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
