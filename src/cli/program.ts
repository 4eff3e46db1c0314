import { Command, CommanderError, Option } from 'commander';
import { commands } from './commands.ts';
import type { CommandRow } from './command-row.ts';
import { complain } from './output/print.ts';
import { toFaultLine } from './output/report.ts';
import { ConfigError, NewsfoldError } from '../model/errors.ts';
import { VERSION } from '../model/version.ts';

/** Milliseconds after which a program that is still ending explains why. */
const PATIENCE_MS = 500;

const abort = new AbortController();
let exitCode = 0;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    abort.abort();
    const explain = () => complain('stopping after the current requests; press Ctrl-C again to stop at once');
    if (name === 'SIGINT') setTimeout(explain, PATIENCE_MS).unref();
    // A second signal ends at once.
    process.once(name, () => process.exit(name === 'SIGINT' ? 130 : 143));
  });
}
// `newsfold stories | head` closes the pipe early, which is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));

try {
  await createProgram().parseAsync(process.argv);
  process.exitCode = exitCode;
} catch (error) {
  process.exitCode = report(error);
}

/** Creates commander's program from the table of commands. */
function createProgram(): Command {
  const program = new Command('newsfold')
    .description("Republishes articles from local files and other people's feeds as combined feeds in which a story appears once")
    .version(VERSION)
    .addOption(new Option('--config <file>', 'configuration file').default('config/newsfold.yaml'))
    .exitOverride()
    .showHelpAfterError('(newsfold --help lists the commands)');
  for (const row of commands) addCommand(program, row);
  return program;
}

function addCommand(
  parent: Command,
  { usage, description, options = [], note, isConfigOptional = false, below = [], load }: CommandRow,
): void {
  const command = parent.command(usage).description(description).addOption(new Option('--config <file>').hideHelp());
  for (const option of options) command.addOption(option);
  if (note !== undefined) command.addHelpText('after', note);
  if (load !== undefined)
    command.action(async () => {
      // The parameter types of a command follow from its row, which commander cannot know.
      const run = (await load()) as (...given: readonly unknown[]) => Promise<number>;
      const given = { ...readOptions(command), ...(isConfigOptional && !isConfigNamed(command) && { config: null }) };
      exitCode = await run(...command.processedArgs, given, abort.signal);
    });
  for (const one of below) addCommand(command, one);
}

/** Returns the options of a command and of its parents; they may stand before its name. Its own
 *  options win. */
function readOptions(command: Command): object {
  return { ...(command.parent && readOptions(command.parent)), ...command.opts() };
}

function isConfigNamed(command: Command | null): boolean {
  return command !== null && (command.getOptionValueSource('config') === 'cli' || isConfigNamed(command.parent));
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    for (const fault of error.faults) complain(toFaultLine(error.file, fault));
    return error.exitCode;
  }
  if (error instanceof NewsfoldError) {
    complain(`newsfold: ${error.message} [${error.code}]`);
    return error.exitCode;
  }
  complain(`newsfold: unexpected error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return 3;
}
