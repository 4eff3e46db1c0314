import { writeSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { CommandRequest } from './shared-process.ts';

/** The module that carries out `process.argv` when it is loaded; each loading under another address
 *  is a start of its own. */
const program = pathToFileURL(join(import.meta.dirname, '../../src/cli/program.ts')).href;
const [own, script = ''] = process.argv;

process.on('disconnect', () => process.exit());
process.on('message', (request: CommandRequest) => {
  void carryOut(request);
});

/** Carries out one command as a fresh process would; its end is written to both streams, behind all
 *  that the command wrote. */
async function carryOut({ args, cwd, env, mark }: CommandRequest): Promise<void> {
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
  writeSync(1, `${mark}${code}\n`);
  writeSync(2, `${mark}${code}\n`);
}

/** A program that says nothing about its exit code ends with 0. */
function readExitCode(): number {
  return Number(process.exitCode ?? 0);
}
