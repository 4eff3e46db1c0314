import { dirname } from 'node:path';
import { findAlerts, toRunAlert } from '../alerts/findings.ts';
import { createAlertSender } from '../alerts/sender.ts';
import { createAlerts } from '../alerts/alerts.ts';
import type { AlertContext } from '../alerts/alerts.ts';
import { inheritEnvironment } from '../config/load.ts';
import type { AppConfig } from '../config/config.ts';
import { createHttpClient } from '../ingest/http/http-client.ts';
import type { Alert } from '../model/alert.ts';
import { NewsfoldError } from '../model/errors.ts';
import { createMetricsSnapshot } from '../views/metrics-snapshot.ts';
import type { MetricsSnapshot } from '../views/metrics-snapshot.ts';
import type { Store } from '../ports/store/store.ts';
import { publishedFeeds, toUserAgent } from './config.ts';
import { createLog } from './log.ts';
import { systemClock } from '../runtime/clock.ts';

/** Tells the owner about problems (`onProblem`). */
export interface Alerts {
  /** Checks for new problems and sends the alerts that are due; never rejects. */
  readonly look: () => Promise<void>;
  /** Aborts an alert on its way; it is sent again later. */
  readonly close: () => Promise<void>;
}

/** The data in which problems are found. */
export interface AlertSources extends Pick<AlertContext, 'store' | 'write'> {
  readonly readOverview: () => Promise<MetricsSnapshot>;
  /** Returns why runs are missing or fail; none when all is well. */
  readonly readRunFaults: () => Promise<readonly Parameters<typeof toRunAlert>[0][]>;
}

/** Returns null when the configuration has no `onProblem`. */
export function openAlerts(config: AppConfig, { store, write, readOverview, readRunFaults }: AlertSources): Alerts | null {
  const { onProblem, fetch, site, file } = config;
  if (onProblem === null) return null;
  const log = createLog(config);
  const clock = systemClock;
  // The owner chose the address, which may be in their own network.
  const http = createHttpClient({ ...fetch, userAgent: toUserAgent(config), allowPrivateAddresses: ['0.0.0.0/0', '::/0'] });
  const stop = new AbortController();
  const sending = { http, log, folder: dirname(file), env: inheritEnvironment(), signal: stop.signal };
  const find = async (): Promise<readonly Alert[]> => {
    const faults = await readRunFaults();
    return [...faults.map(toRunAlert), ...findAlerts(await readOverview(), clock.now())];
  };
  const { look } = createAlerts({
    store,
    write,
    find,
    send: createAlertSender(onProblem, sending),
    clock,
    log,
    site: site.url,
    everyMs: onProblem.everyMs,
  });
  let looking: Promise<void> | null = null;
  return {
    look: () => (looking = stop.signal.aborted ? Promise.resolve() : look()),
    async close() {
      stop.abort();
      await http.close();
      await looking;
    },
  };
}

/** Sends alerts after a single run. `error` is the error of a run that failed as a whole; null
 *  when it did not. Without a store nobody knows which alerts were sent before, so each such run
 *  sends them. */
export async function alertAfterRun(config: AppConfig, store: Store | null, error: unknown): Promise<void> {
  const noStore = () => Promise.reject(error instanceof Error ? error : new Error('there is no store'));
  const alerts = openAlerts(config, {
    store: store ?? { readAlertState: noStore },
    write: store ? (work) => work(store) : noStore,
    readOverview: store
      ? createMetricsSnapshot({ store, clock: systemClock, feeds: publishedFeeds(config) })
      : async () => ({ sources: [], entries: 0, feeds: [], stories: 0, setAside: [], faulty: [] }),
    readRunFaults: async () => (error === null ? [] : [toFault(error)]),
  });
  await alerts?.look();
  await alerts?.close();
}

function toFault(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof NewsfoldError) return error;
  return { code: 'run/failed', message: `the run failed: ${error instanceof Error ? error.message : 'unknown'}` };
}
