import { dirname } from 'node:path';
import { findAlerts, toRunAlert } from './alert-findings.ts';
import { createAlertSender } from './alert-sender.ts';
import { createAlerts } from './alerts.ts';
import type { AlertParts } from './alerts.ts';
import { inheritEnvironment } from './config/load.ts';
import type { Config } from './config/load.ts';
import { createHttpClient } from './ingest/http.ts';
import type { Alert } from './model/alert.ts';
import type { Overview } from './overview.ts';
import { createLog, systemClock, toUserAgent } from './wiring.ts';

/** Tells the owner what is wrong (`onProblem`). */
export interface Alerts {
  /** Looks whether he is to be told of something, and tells him; never rejects. */
  readonly look: () => Promise<void>;
  /** Ends what is under way, which is told again. */
  readonly close: () => Promise<void>;
}

/** What is looked at. */
export interface AlertSources extends Pick<AlertParts, 'store' | 'write'> {
  readonly readOverview: () => Promise<Overview>;
  /** Why there is no run, or none that came to its end; none when all is well. */
  readonly readRunFaults: () => Promise<readonly Parameters<typeof toRunAlert>[0][]>;
}

/** null when the configuration has no `onProblem`. */
export function openAlerts(config: Config, { store, write, readOverview, readRunFaults }: AlertSources): Alerts | null {
  const { onProblem, fetch, site, file } = config;
  if (onProblem === null) return null;
  const log = createLog(config);
  const clock = systemClock;
  // The owner has written the address, which may be that of his own network.
  const http = createHttpClient({ ...fetch, userAgent: toUserAgent(config), allowPrivateAddresses: ['0.0.0.0/0', '::/0'] });
  const stop = new AbortController();
  const parts = { http, log, folder: dirname(file), env: inheritEnvironment(), signal: stop.signal };
  const find = async (): Promise<readonly Alert[]> => {
    const faults = await readRunFaults();
    return [...faults.map(toRunAlert), ...findAlerts(await readOverview(), clock.now())];
  };
  const { look } = createAlerts({
    store,
    write,
    find,
    send: createAlertSender(onProblem, parts),
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
