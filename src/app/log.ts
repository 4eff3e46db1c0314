import pino from 'pino';
import type { AppConfig } from '../config/config.ts';
import type { Log } from '../ports/log.ts';
import { createRedaction } from './redact.ts';

/** Creates the configured log on standard error; secrets are removed (redact.ts). Errors are
 *  logged with message and stack, without attached values such as database rows. */
export function createLog(config: AppConfig): Log {
  const isPretty = (config.log.format ?? (process.stderr.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = {
    level: config.log.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: toLoggedError },
    hooks: { streamWrite: createRedaction(config) },
  };
  if (!isPretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  return pino({
    ...options,
    transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true } },
  });
}

function toLoggedError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? { code: error.code } : {};
  return { type, ...code, message, stack };
}
