import { runAlertCommand } from './command.ts';
import { toAlertText } from './plan.ts';
import type { AlertMessage } from '../model/alert.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';

/** How the owner is told. */
export interface AlertTarget {
  readonly command: string | null;
  readonly webhook: string | null;
}

/** What a message is sent with. */
export interface SenderContext {
  readonly http: HttpClient;
  readonly log: Log;
  /** Where a command starts: beside the configuration. */
  readonly folder: string;
  /** Environment of a command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const COMMAND_MS = 30_000;
const WEBHOOK_MS = 15_000;
/** Of an answer that nobody reads. */
const MOST_BYTES = 10_000;

/** Sends a message; false when it could not be, which is logged without the address and the
 *  command, since both may hold a secret. */
export function createAlertSender({ command, webhook }: AlertTarget, context: SenderContext): (message: AlertMessage) => Promise<boolean> {
  return async (message) => {
    if (command !== null) return tellCommand(command, message, context);
    return webhook === null || tellWebhook(webhook, message, context);
  };
}

async function tellCommand(command: string, message: AlertMessage, { folder, env, signal, log }: SenderContext): Promise<boolean> {
  const { code, said, isLate } = await runAlertCommand(command, {
    folder,
    env: { ...env, NEWSFOLD_PROBLEMS: toFitting(message) },
    input: toAlertText(message),
    timeoutMs: COMMAND_MS,
    signal,
  });
  if (code === 0) return true;
  log.error({ code, isLate, said }, 'the command of onProblem failed; it is tried again');
  return false;
}

/** One variable holds 128 kB on Linux. */
const MOST_VARIABLE = 100_000;

function toFitting(message: AlertMessage): string {
  const json = JSON.stringify(message);
  if (Buffer.byteLength(json) <= MOST_VARIABLE) return json;
  const { problems, more } = message;
  const kept = problems.slice(0, Math.floor(problems.length / 2));
  return toFitting({ ...message, problems: kept, resolved: [], more: more + problems.length - kept.length });
}

async function tellWebhook(url: string, message: AlertMessage, { http, log }: SenderContext): Promise<boolean> {
  const result = await http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(message)),
    timeoutMs: WEBHOOK_MS,
    maxBytes: MOST_BYTES,
  });
  if (result.kind === 'answer' && result.status >= 200 && result.status < 300) return true;
  const reason = result.kind === 'answer' ? { status: result.status } : { code: result.problem.code };
  log.error(reason, 'the webhook of onProblem was not told; it is tried again');
  return false;
}
