import { runAlertCommand } from './command.ts';
import { toAlertText } from './plan.ts';
import type { AlertMessage } from '../model/alert.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Log } from '../ports/log.ts';

/** The command and the webhook that get alerts; null for none. */
export interface AlertTarget {
  readonly command: string | null;
  readonly webhook: string | null;
}

/** Everything that sending needs. */
interface SenderContext {
  readonly http: HttpClient;
  readonly log: Log;
  /** Working folder of a command: the folder of the configuration. */
  readonly folder: string;
  /** Environment variables of a command. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const COMMAND_MS = 30_000;
const WEBHOOK_MS = 15_000;
/** Most bytes read of a webhook's answer, which is ignored. */
const MOST_BYTES = 10_000;

/** Returns a function that sends a message; false when it failed. A failure is logged without the
 *  address and the command, since both may contain a secret. */
export function createAlertSender({ command, webhook }: AlertTarget, context: SenderContext): (message: AlertMessage) => Promise<boolean> {
  return async (message) => {
    if (command !== null) return sendToCommand(command, message, context);
    return webhook === null || sendToWebhook(webhook, message, context);
  };
}

async function sendToCommand(command: string, message: AlertMessage, { folder, env, signal, log }: SenderContext): Promise<boolean> {
  const { code, said, isLate } = await runAlertCommand(command, {
    folder,
    env: { ...env, NEWSFOLD_PROBLEMS: toFittingJson(message) },
    input: toAlertText(message),
    timeoutMs: COMMAND_MS,
    signal,
  });
  if (code === 0) return true;
  log.error({ code, isLate, said }, 'the command of onProblem failed; the alert will be sent again');
  return false;
}

/** Bytes of one environment variable: Linux allows 128 kB. */
const MOST_VARIABLE_BYTES = 100_000;

function toFittingJson(message: AlertMessage): string {
  const json = JSON.stringify(message);
  if (Buffer.byteLength(json) <= MOST_VARIABLE_BYTES) return json;
  const { problems, more } = message;
  const kept = problems.slice(0, Math.floor(problems.length / 2));
  return toFittingJson({ ...message, problems: kept, resolved: [], more: more + problems.length - kept.length });
}

async function sendToWebhook(url: string, message: AlertMessage, { http, log }: SenderContext): Promise<boolean> {
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
  log.error(reason, 'the webhook of onProblem did not accept the alert; it will be sent again');
  return false;
}
