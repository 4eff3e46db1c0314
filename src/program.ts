import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import {
  backupCommand,
  buildCommand,
  checkCommand,
  hideCommand,
  mergeCommand,
  splitCommand,
  explainCommand,
  exportCommand,
  foldCommand,
  importCommand,
  initCommand,
  opmlExportCommand,
  opmlImportCommand,
  parseCommand,
  politeCommand,
  pruneCommand,
  refoldCommand,
  runCommand,
  serveCommand,
  sourcesAddCommand,
  sourcesCheckCommand,
  sourcesCommand,
  sourcesRemoveCommand,
  storiesCommand,
  whyCommand,
  workerCommand,
} from './commands/commands.ts';
import { toFaultLine } from './commands/fault-line.ts';
import { complain } from './commands/print.ts';
import { ConfigError, NewsfoldError } from './model/errors.ts';
import { VERSION } from './model/version.ts';
import { DAY_MS } from './model/values/time.ts';

/** Of those that are nodes. */
const TAKE_OVER = 'have all nodes go by this configuration, also when another one has replaced it before';
/** How long a program may take to end without a word, milliseconds. */
const PATIENCE_MS = 500;

const abort = new AbortController();
let exitCode = 0;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    abort.abort();
    const explain = () => complain('stopping after the requests under way; Ctrl-C again ends at once');
    if (name === 'SIGINT') setTimeout(explain, PATIENCE_MS).unref();
    // A second signal ends at once, as everywhere.
    process.once(name, () => process.exit(name === 'SIGINT' ? 130 : 143));
  });
}
// `newsfold stories | head` closes the pipe early: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));

try {
  await createProgram().parseAsync(process.argv);
  process.exitCode = exitCode;
} catch (error) {
  process.exitCode = report(error);
}

function createProgram(): Command {
  const program = new Command('newsfold')
    .description("Republishes articles from local files and other people's feeds as combined feeds in which a story appears once")
    .version(VERSION)
    .addOption(new Option('--config <file>', 'configuration file').default('config/newsfold.yaml'))
    .exitOverride()
    .showHelpAfterError('(newsfold --help lists the commands)');
  const config = () => program.opts<{ config: string }>().config;
  const add = (usage: string, description: string) =>
    program.command(usage).description(description).addOption(new Option('--config <file>').hideHelp());
  const action =
    <T>(work: (options: T & { config: string }) => Promise<number>) =>
    async (options: T & { config?: string }) => {
      exitCode = await work({ ...options, config: options.config ?? config() });
    };

  add('serve', 'server, schedule, and a first run at start')
    .option('--no-run', 'serve only what is stored: no run at start, no schedule')
    .option('--port <n>', 'port to listen on', toPort)
    .option('--memory <mb>', 'heap of the process that runs live in, megabytes', toCount, 384)
    .option('--take-over', TAKE_OVER)
    .action(action<{ run: boolean; port?: number; memory: number; takeOver?: boolean }>((options) => serveCommand(options, abort.signal)));
  add('worker', 'a node that only works: reads sources and makes runs beside others (PostgreSQL)')
    .option('--take-over', TAKE_OVER)
    .action(action<{ takeOver?: boolean }>((options) => workerCommand(options, abort.signal)));
  add('run', 'one run of what is due, then the report')
    .option('--all', 'what the schedule would leave for later too; never sooner than publishers allow')
    .option('--source <id>', 'this source only')
    .option('--dry-run', 'say what is due; ask nobody, store nothing')
    .option('--json', 'the report as one JSON object')
    .option('--strict', 'exit code 1 when anything failed')
    .option('--accept-deletions', 'delete missing local articles at once, however many')
    .option('--if-free', 'exit code 0 when another run goes on')
    .option('--retry', 'try once more what is set aside, since a stage has failed over it')
    .action(action((options) => runCommand(options, abort.signal)));
  add('build <dir>', 'write the documents below a folder, for any file host').action((dir: string, options: { config?: string }) =>
    action((given) => buildCommand(dir, given))(options),
  );
  add('parse <file...>', 'what a feed or article says; takes files and URLs')
    .option('--json', 'a JSON line for each')
    .action(async (files: string[], options: { config?: string; json?: boolean }) => {
      const given = options.config ?? (program.getOptionValueSource('config') === 'default' ? null : config());
      exitCode = await parseCommand(files, { ...options, config: given });
    });
  add('fold <file>', 'the stories of a JSONL file of entries')
    .option('--pairs <file>', 'judge the pairs of this file instead')
    .addOption(
      new Option('--fold <level>', 'how far folding goes')
        .choices(['off', 'keys', 'careful', 'normal'] as const)
        .default('careful' as const),
    )
    .action(async (file: string, options: { pairs?: string; fold: 'off' | 'keys' | 'careful' | 'normal' }) => {
      exitCode = await foldCommand(file, { ...options, windowMs: 14 * DAY_MS });
    });
  add('stories', 'the published stories, newest first')
    .option('--json', 'a JSON line for each')
    .option('--limit <n>', 'so many only', toCount)
    .option('--held', 'own articles that wait instead: drafts, those whose date is to come or is over, and those with a fault')
    .action(action(storiesCommand));
  add('explain <key>', 'why a story is as it is: its entries with the evidence for each, and its versions')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nKEY is that of a story or of an entry, as newsfold stories prints them.')
    .action((key: string, options: { config?: string; json?: boolean }) => action((given) => explainCommand(key, given))(options));
  add('why <article>', 'tells what became of an article, by its address, its title or a part of it, or a key')
    .option('--json', 'one JSON object')
    .action((article: string, options: { config?: string; json?: boolean }) => action((given) => whyCommand(article, given))(options));
  add('split <story> <entry>', 'take an entry out of its story for good').action(
    (story: string, entry: string, options: { config?: string }) => action((given) => splitCommand(story, entry, given))(options),
  );
  add('merge <key> <key>', 'make two stories one for good').action((first: string, second: string, options: { config?: string }) =>
    action((given) => mergeCommand(first, second, given))(options),
  );
  for (const [name, description] of [
    ['hide', 'take a story, with all that joins it, or an entry down everywhere'],
    ['unhide', 'let a story or an entry be shown again'],
  ] as const)
    add(`${name} <key>`, description).action((key: string, options: { config?: string }) =>
      action((given) => hideCommand(key, { ...given, isHidden: name === 'hide' }))(options),
    );
  add('refold', 'fold the entries of the window anew, by the present rules and your corrections')
    .option('--dry-run', 'say which would move, and change nothing')
    .option('--json', 'a JSON line for each entry that would move')
    .action(action<{ dryRun?: boolean; json?: boolean }>((options) => refoldCommand(options, abort.signal)));
  addSourceCommands(add('sources', 'the sources with their state').option('--json', 'a JSON line for each'), action);
  addOpmlCommands(add('opml', 'lists of sources for and from feed readers (OPML)'), action);
  add('check', 'the configuration: every fault with line, key, value and what is allowed')
    .option('--schema', 'print the JSON Schema of the configuration')
    .action(action(checkCommand));
  add('export <file>', 'the whole state as lines of JSON, while runs go on; - is standard output').action(
    (file: string, options: { config?: string }) => action((given) => exportCommand(file, given, abort.signal))(options),
  );
  add('import <file>', 'an export into a store that has nothing yet, all or nothing; - is standard input').action(
    (file: string, options: { config?: string }) => action((given) => importCommand(file, given, abort.signal))(options),
  );
  add('backup <file>', 'a copy of the SQLite store, while runs go on').action((file: string, options: { config?: string }) =>
    action((given) => backupCommand(file, given))(options),
  );
  add('prune', 'take out what `keep` of the configuration keeps no longer; runs do so a little at a time')
    .option('--archives', 'also archive documents all of whose stories are gone')
    .option('--dry-run', 'say how much, and change nothing')
    .option('--json', 'one JSON object')
    .action(action<{ archives?: boolean; dryRun?: boolean; json?: boolean }>((options) => pruneCommand(options, abort.signal)));
  add('init <dir>', 'a commented configuration and a sample folder').action(async (directory: string) => {
    exitCode = await initCommand(directory);
  });
  return program;
}

type Action = <T>(work: (options: T & { config: string }) => Promise<number>) => (options: T & { config?: string }) => Promise<void>;

/** Commands below another one; options may stand before or behind their names. */
function createAdder(parent: Command, action: Action) {
  // The types are those of the command's own parameters, which commander cannot know.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  return <W extends string | undefined, T>(
    usage: string,
    description: string,
    work: (word: W, options: T & { config: string }) => Promise<number>,
  ) =>
    parent
      .command(usage)
      .description(description)
      .addOption(new Option('--config <file>').hideHelp())
      .action((word: W, options: T & { config?: string }) =>
        action<T>((given) => work(word, given))({ ...parent.opts<{ config?: string; json?: boolean }>(), ...options }),
      );
}

function addSourceCommands(sources: Command, action: Action): void {
  sources.action(action(sourcesCommand));
  const add = createAdder(sources, action);
  add(
    'check <what>',
    'what stands at an address, or at the path of a file or folder, and what a source that is known would bring',
    sourcesCheckCommand,
  )
    .option('--previous <source>', 'compare with this source, which has moved here')
    .option('--json', 'one JSON object');
  add('add <what>', 'write a source into the configuration, and read it: a page, a feed, a file or a folder', sourcesAddCommand)
    .option('--id <id>', 'its name for good')
    .option('--title <title>', 'what it is called, in place of its own title')
    .option('--tag <tag...>', 'tags that feeds select by')
    .option('--priority <n>', '0 to 100: who leads a story', toCount)
    .option('--interval <duration>', 'how often it is asked, for a source of your own: 10m')
    .option('--full-text', 'take the text of linked pages where the feed has none')
    .option('--private', 'never print its address')
    .option('--previous <source>', 'the source, by id or address, that has moved here')
    .option('--dry-run', 'say what would be written, and write nothing')
    .option('--no-check', 'write it without a look at it');
  add('remove <id>', 'take a source out of the configuration file; its stories stay', sourcesRemoveCommand)
    .option('--purge', 'withdraw its stories too, and forget how it was polled')
    .option('--dry-run', 'say what would be taken out, and write nothing');
  add('polite <id>', 'the last requests to a source against the rules of polite polling', politeCommand).option(
    '--json',
    'one JSON object',
  );
}

function addOpmlCommands(opml: Command, action: Action): void {
  const add = createAdder(opml, action);
  add(
    'import <list>',
    'add the feeds of a list to the configuration file; LIST is a file, an address, or - for standard input',
    opmlImportCommand,
  )
    .option('--dry-run', 'say what would be added, and write nothing')
    .option('--tag <tag...>', 'tags for all of them, beside those that their folders give')
    .option('--json', 'one JSON object');
  add('export [file]', 'write the feeds and pages of the configuration file as a list, to standard output by default', opmlExportCommand);
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
  complain(
    `newsfold: this should not have happened; please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return 3;
}

function toPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return Number(text);
}

function toCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('a number is wanted');
  return Number(text);
}
