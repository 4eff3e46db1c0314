import { openApp } from '../../app/app.ts';
import { NewsfoldError } from '../../model/errors.ts';
import { openNode } from '../../cluster/node.ts';
import { startSchedule } from '../../run/schedule.ts';
import { maintainBetweenRuns, maintainSubscriptions } from '../../websub/subscriber/subscriptions.ts';
import { secondOf } from '../../app/config.ts';
import { print } from '../output/print.ts';
import { printFailure, printReport } from '../output/report.ts';

/** Runs a node without a server (PostgreSQL): it makes runs by the shared schedule and reads its
 *  share of the sources. Resolves with 0 when `signal` is aborted and the current work is done.
 *  @throws NewsfoldError `worker/store` when the store cannot be shared. */
export async function workerCommand(
  options: { readonly config: string; readonly takeOver?: boolean },
  signal: AbortSignal,
): Promise<number> {
  const app = await openApp(options.config, 'worker');
  try {
    const node = await openNode(app, { isDeliberate: options.takeOver ?? false });
    if (node === null)
      throw new NewsfoldError('worker/store', 'worker needs a PostgreSQL store: set store: postgres://USER@HOST/DATABASE', {
        exitCode: 2,
      });
    const { schedule: expression, timeZone } = app.config;
    const between = maintainBetweenRuns(app.subscribing, () => signal.aborted);
    const request = async (slot: Date) => {
      await node.requestRun(slot).then(printReport, (error: unknown) => {
        if (!(error instanceof NewsfoldError)) throw error;
        printFailure(error);
      });
      await maintainSubscriptions(app.subscribing, () => signal.aborted);
      between.lookSoon();
    };
    const schedule = startSchedule(app, request, { expression, timeZone, second: secondOf(app.config) });
    print(`Newsfold works for ${app.config.site.url}/ on ${app.store.name}; Ctrl-C ends`);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await schedule.stop();
    await between.stop();
    await node.close();
    return 0;
  } finally {
    await app.close();
  }
}
