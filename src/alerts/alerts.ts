import { noAlerts, planAlerts } from './plan.ts';
import { toRunAlert } from './findings.ts';
import type { Alert, AlertMessage, AlertState } from '../model/alert.ts';
import { NewsfoldError } from '../model/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AlertReads, AlertWrites } from '../ports/store/alerts.ts';

/** What alerts are made with. */
export interface AlertContext {
  readonly store: AlertReads;
  /** Does something with a store that may be written. */
  readonly write: (work: (store: AlertWrites) => Promise<boolean>) => Promise<boolean>;
  /** All that is wrong now.
   *  @throws whatever the store throws that cannot be read. */
  readonly find: () => Promise<readonly Alert[]>;
  /** Whether it could be sent. */
  readonly send: (message: AlertMessage) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly site: string;
  readonly everyMs: number;
}

/** Looks whether the owner is to be told of something, and tells him. Never rejects; two looks at
 *  once are one after the other. Of many processes on one store one tells: what each is about to
 *  send stands in the store before it does, as if it had failed, so that a message whose sender was
 *  killed is sent by the next look. */
export function createAlerts(context: AlertContext): { readonly look: () => Promise<void> } {
  const { store, write, send, clock, log, site, everyMs } = context;
  /** What this process knows, while the store cannot keep it. */
  let unkept: AlertState | null = null;
  let looking = Promise.resolve();

  async function readState(): Promise<{ readonly text: string | null; readonly state: AlertState }> {
    const text = await store.readAlertState().catch(() => null);
    const state = text === null ? noAlerts : (JSON.parse(text) as AlertState);
    return { text, state: unkept !== null && (unkept.triedAt ?? 0) > (state.triedAt ?? 0) ? unkept : state };
  }

  /** Keeps a state in the place of another one; false when somebody else was faster. */
  async function keep(before: string | null, after: AlertState): Promise<boolean> {
    try {
      const isKept = await write((writer) => writer.replaceAlertState(before, JSON.stringify(after)));
      if (isKept) unkept = null;
      return isKept;
    } catch (error) {
      log.error({ err: error }, 'what the owner was told of cannot be kept; this process remembers it');
      unkept = after;
      return true;
    }
  }

  async function look(): Promise<void> {
    const present = await context.find().catch((error: unknown) => [toStoreAlert(error)]);
    const { text, state } = await readState();
    const plan = planAlerts(state, present, { site, now: clock.now(), everyMs });
    if (plan === null) return;
    const begun: AlertState = { ...state, triedAt: plan.told.triedAt, failures: state.failures + 1 };
    if (!(await keep(text, begun))) return;
    if (await send(plan.message)) await keep(unkept === null ? JSON.stringify(begun) : text, plan.told);
  }

  return {
    look() {
      looking = looking.then(look).catch((error: unknown) => log.error({ err: error }, 'it could not be looked for problems to tell of'));
      return looking;
    },
  };
}

function toStoreAlert(error: unknown): Alert {
  const message = error instanceof Error ? error.message : 'unknown';
  return toRunAlert(error instanceof NewsfoldError ? error : { code: 'store/unreadable', message: `the store cannot be read: ${message}` });
}
