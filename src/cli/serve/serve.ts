import { openLiveServer } from '../../app/server/live-server.ts';
import { hashConfig } from '../../config/hash.ts';
import type { AppConfig } from '../../config/config.ts';
import { watchConfig } from '../../config/watch.ts';
import { ConfigError, NewsfoldError } from '../../model/errors.ts';
import { readConfig } from '../../app/config.ts';
import { complain, countOf, print } from '../output/print.ts';
import { printFailure, printReport, toFaultLine } from '../output/report.ts';

/** Options of `newsfold serve`. */
interface ServeCommandOptions {
  readonly config: string;
  /** false: no run at start and no schedule. */
  readonly run: boolean;
  readonly port?: number;
  /** Heap of the run process, MB. */
  readonly memory: number;
  /** Makes all nodes use this configuration, even when another one has replaced it before. */
  readonly takeOver?: boolean;
}

/** Runs the server and the schedule, with a run at start. Runs and rendering have a process of
 *  their own; the server only reads. A saved configuration takes effect within seconds; a faulty
 *  one is reported and ignored. Resolves with 0 when `signal` is aborted and the current work is
 *  done. */
export async function serveCommand(options: ServeCommandOptions, signal: AbortSignal): Promise<number> {
  let config = readConfig(options.config);
  const server = await openLiveServer(config, { ...options, onReport: printReport, onFailure: printFailure });
  try {
    print(`Newsfold serves ${config.site.url}/ on ${server.url}`);
    if (options.port) warnOfOtherPort(config.site.url, options.port);
    printFeeds(config);
    if (!options.run && !server.isFirst) void server.session().update();
    let changing = Promise.resolve();
    const change = async () => {
      const next = readNext(options.config, config);
      if (next === null || signal.aborted) return;
      const closeOld = await server.takeUp(next, signal);
      if (signal.aborted) return closeOld();
      // A file saved without a change is no decision for its configuration.
      const isDeliberate = hashConfig(next) !== hashConfig(config);
      config = next;
      style.end();
      style = watchStyle(config, note);
      const session = server.session();
      session.start({ isDeliberate });
      print(`the configuration was changed: ${countOf(config.sources.length, 'source')}, ${countOf(config.feeds.length, 'feed')}`);
      printFeeds(config);
      if (options.run) void session.startRun();
      await closeOld();
    };
    const note = () => (changing = changing.then(change).catch(explainAny));
    const unwatch = watchConfig(config.file, note);
    let style = watchStyle(config, note);
    server.session().start({ isDeliberate: options.takeOver ?? false });
    // When it is stopped during its first run, it stops that run instead of waiting for its end.
    if (options.run) await Promise.race([server.session().startRun(), aborted(signal)]);
    if (options.run && !signal.aborted) print(`Next runs by the schedule ${config.schedule}; Ctrl-C ends`);
    await aborted(signal);
    unwatch();
    style.end();
    await server.session().pause();
    await changing;
    await server.stopListening();
    return 0;
  } finally {
    await server.close();
  }
}

/** Warns when `--port` differs from site.url: links in feeds lead to the port of site.url. */
function warnOfOtherPort(siteUrl: string, port: number): void {
  const { hostname, port: named, protocol } = new URL(siteUrl);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (isHere && Number(named || (protocol === 'https:' ? 443 : 80)) !== port)
    complain(`newsfold: links and feeds name ${siteUrl}, not port ${port}: change site.url, or set NEWSFOLD_URL=http://localhost:${port}`);
}

/** The owner's stylesheet belongs to the configuration but has a file of its own. */
function watchStyle({ stylesheetFile }: AppConfig, onChange: () => void): { readonly end: () => void } {
  return { end: stylesheetFile === null ? () => undefined : watchConfig(stylesheetFile, onChange) };
}

/** Returns the saved configuration; null when it has faults, which are printed. Settings that
 *  need a restart keep their old values. */
function readNext(file: string, old: AppConfig): AppConfig | null {
  try {
    const next = readConfig(file);
    const { host, port } = old.server;
    const isMoved = JSON.stringify([next.store, next.server.host, next.server.port]) !== JSON.stringify([old.store, host, port]);
    if (isMoved)
      complain('newsfold: changes of store, server.host and server.port need a restart; the rest of the configuration is in effect now');
    return { ...next, store: old.store, server: { ...next.server, host, port } };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.faults) complain(toFaultLine(error.file, fault));
    complain('newsfold: the changed configuration has faults: the previous one stays in effect');
    return null;
  }
}

/** Prints the error of a failed change; the server is unchanged. */
function explainAny(error: unknown): void {
  if (error instanceof NewsfoldError) printFailure(error);
  else
    complain(
      `newsfold: the changed configuration could not be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
}

function printFeeds({ site, feeds }: AppConfig): void {
  for (const feed of feeds) print(`  ${site.url}${feed.isDefault ? '/feed.atom' : `/feeds/${feed.slug}.atom`}  ${feed.title}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
