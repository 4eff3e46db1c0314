import { noAlerts, planAlerts } from './plan.ts';
import { toRunAlert } from './findings.ts';
import type { Alert, AlertMessage, AlertState } from '../model/alert.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AlertReads, AlertWrites } from '../ports/store/alerts.ts';

/** Everything that alerts need. */
export interface AlertContext {
  readonly store: AlertReads;
  /** Runs a function on a store that accepts writes, and returns its result. */
  readonly write: (work: (store: AlertWrites) => Promise<boolean>) => Promise<boolean>;
  /** Finds all present problems.
   *  @throws an error of the store that cannot be read. */
  readonly find: () => Promise<readonly Alert[]>;
  /** Returns false when the message could not be sent. */
  readonly send: (message: AlertMessage) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly site: string;
  readonly everyMs: number;
}

/** Returns a function that looks for problems and sends the owner a message when one is due. It
 *  never rejects, and two calls run one after the other. Only one of several processes on a store
 *  sends. Each process saves its attempt as failed before it sends, so a message whose sender was
 *  killed is sent again. */
export function createAlerts(context: AlertContext): { readonly look: () => Promise<void> } {
  const { store, write, send, clock, log, site, everyMs } = context;
  /** The state of alerts while the store cannot save it; else null. */
  let unkept: AlertState | null = null;
  let looking = Promise.resolve();

  async function readState(): Promise<{ readonly text: string | null; readonly state: AlertState }> {
    const text = await store.readAlertState().catch(() => null);
    const state = text === null ? noAlerts : (JSON.parse(text) as AlertState);
    return { text, state: unkept !== null && (unkept.triedAt ?? 0) > (state.triedAt ?? 0) ? unkept : state };
  }

  /** Replaces the stored state; false when another process has replaced it first. */
  async function keep(before: string | null, after: AlertState): Promise<boolean> {
    try {
      const isKept = await write((writer) => writer.replaceAlertState(before, JSON.stringify(after)));
      if (isKept) unkept = null;
      return isKept;
    } catch (error) {
      log.error({ err: error }, 'the store could not save which alerts were sent; this process remembers them until it ends');
      unkept = after;
      return true;
    }
  }

  async function look(): Promise<void> {
    const present = await context.find().catch((error: unknown) => [toStoreAlert(error)]);
    const { text, state } = await readState();
    const plan = planAlerts(state, present, { site, now: clock.now(), everyMs });
    if (plan === null) return;
    const begun: AlertState = { ...state, triedAt: plan.next.triedAt, failures: state.failures + 1 };
    if (!(await keep(text, begun))) return;
    if (await send(plan.message)) await keep(unkept === null ? JSON.stringify(begun) : text, plan.next);
  }

  return {
    look() {
      looking = looking
        .then(look)
        .catch((error: unknown) => log.error({ err: error }, 'looking for problems to report failed; the next look tries again'));
      return looking;
    },
  };
}

function toStoreAlert(error: unknown): Alert {
  const message = error instanceof Error ? error.message : 'unknown';
  return toRunAlert(error instanceof NewsfoldError ? error : { code: 'store/unreadable', message: `the store cannot be read: ${message}` });
}
