import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { CommandRequest } from './shared-process.ts';

/** This module executes `process.argv` when it is imported. Each import with another query string
 *  is a new start. */
const program = pathToFileURL(join(import.meta.dirname, '../../src/cli/program.ts')).href;
const [own, script = ''] = process.argv;

process.on('disconnect', () => process.exit());
process.on('message', (request: CommandRequest) => {
  void execute(request);
});

/** Executes one command as a fresh process would. Writes the end mark to both streams, after the
 *  command's own output. */
async function execute({ args, cwd, env, mark }: CommandRequest): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (process.env[name] !== value) process.env[name] = value;
  process.argv = [own ?? '', script, ...args];
  process.exitCode = undefined;
  await import(`${program}?start=${encodeURIComponent(mark)}`);
  const code = readExitCode();
  process.exitCode = undefined;
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(name);
  process.stdout.removeAllListeners('error');
  // Through the streams: a direct write would overtake output that waits for room in the pipe.
  process.stdout.write(`${mark}${code}\n`);
  process.stderr.write(`${mark}${code}\n`);
}

/** Returns the exit code that the command set; 0 when it set none. */
function readExitCode(): number {
  return Number(process.exitCode ?? 0);
}
