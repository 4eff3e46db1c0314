import { openApp } from '../app.ts';
import { run } from '../run.ts';
import { startSchedule } from '../schedule.ts';
import { print } from './print.ts';
import { printReport } from './run.ts';

/** Options of `newsfold serve`. */
export interface ServeCommandOptions {
  readonly config: string;
  /** false: no run at start and no schedule. */
  readonly run: boolean;
  readonly port?: number;
}

/** Server, schedule, and a first run at start. Resolves with 0 when `signal` is aborted and the work at hand is done. */
export async function serveCommand(options: ServeCommandOptions, signal: AbortSignal): Promise<number> {
  const app = await openApp(options.config);
  const { config, clock, log } = app;
  try {
    const listening = await app.listen(options.port ?? config.server.port);
    print(`Newsfold serves ${config.site.url}/ on ${listening.url}`);
    for (const feed of config.feeds)
      print(`  ${config.site.url}${feed.isDefault ? '/feed.atom' : `/feeds/${feed.slug}.atom`}  ${feed.title}`);
    let running = Promise.resolve();
    const startRun = () => {
      running = run(app.runParts, { sourceId: null, all: false, dryRun: false, acceptDeletions: false }).then(printReport);
      return running;
    };
    const schedule = options.run
      ? startSchedule({ clock, log }, startRun, { expression: config.schedule, timeZone: config.timeZone })
      : null;
    if (options.run) {
      await startRun();
      print(`Next runs by the schedule ${config.schedule}; Ctrl-C ends`);
    }
    await aborted(signal);
    await schedule?.stop();
    await running;
    await listening.close();
    return 0;
  } finally {
    await app.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
