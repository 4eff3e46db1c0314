import { Option } from 'commander';
import { parseCountOption, toPort } from './command-row.ts';
import type { CommandRow } from './command-row.ts';
import { sourceCommands } from './source-commands.ts';

/** Help text of --take-over, which every command that joins a cluster has. */
const TAKE_OVER = 'have all nodes go by this configuration, also when another one has replaced it before';

/** All commands in the order in which the help lists them. */
export const commands: readonly CommandRow[] = [
  {
    usage: 'serve',
    description: 'server, schedule, and a first run at start',
    options: [
      new Option('--no-run', 'serve only what is stored: no run at start, no schedule'),
      new Option('--port <n>', 'port to listen on').argParser(toPort),
      new Option('--memory <mb>', 'heap of the process that runs live in, megabytes').argParser(parseCountOption).default(384),
      new Option('--take-over', TAKE_OVER),
    ],
    load: async () => (await import('./serve/serve.ts')).serveCommand,
  },
  {
    usage: 'worker',
    description: 'a node that only works: reads sources and makes runs beside others (PostgreSQL)',
    options: [new Option('--take-over', TAKE_OVER)],
    load: async () => (await import('./serve/worker.ts')).workerCommand,
  },
  {
    usage: 'run',
    description: 'one run of what is due, then the report',
    options: [
      new Option('--all', 'what the schedule would leave for later too; never sooner than publishers allow'),
      new Option('--source <id>', 'this source only'),
      new Option('--dry-run', 'say what is due; ask nobody, store nothing'),
      new Option('--json', 'the report as one JSON object'),
      new Option('--strict', 'exit code 1 when anything failed'),
      new Option('--accept-deletions', 'delete missing local articles at once, however many'),
      new Option('--if-free', 'exit code 0 when another run goes on'),
      new Option('--retry', 'try once more what is set aside, since a stage has failed over it'),
    ],
    load: async () => (await import('./serve/run.ts')).runCommand,
  },
  {
    usage: 'build <dir>',
    description: 'write the documents below a folder, for any file host',
    load: async () => (await import('./serve/build.ts')).buildCommand,
  },
  {
    usage: 'parse <file...>',
    description: 'what a feed or article says; takes files and URLs',
    options: [new Option('--json', 'a JSON line for each')],
    isConfigOptional: true,
    load: async () => (await import('./debug/parse.ts')).parseCommand,
  },
  {
    usage: 'fold <file>',
    description: 'the stories of a JSONL file of entries',
    options: [
      new Option('--pairs <file>', 'judge the pairs of this file instead'),
      new Option('--fold <level>', 'how far folding goes').choices(['off', 'keys', 'careful', 'normal']).default('careful'),
    ],
    load: async () => (await import('./debug/fold.ts')).foldCommand,
  },
  {
    usage: 'stories',
    description: 'the published stories, newest first',
    options: [
      new Option('--json', 'a JSON line for each'),
      new Option('--limit <n>', 'so many only').argParser(parseCountOption),
      new Option('--held', 'own articles that wait instead: drafts, those whose date is to come or is over, and those with a fault'),
    ],
    load: async () => (await import('./stories/stories.ts')).storiesCommand,
  },
  {
    usage: 'explain <key>',
    description: 'why a story is as it is: its entries with the evidence for each, and its versions',
    options: [new Option('--json', 'one JSON object')],
    note: '\nKEY is that of a story or of an entry, as newsfold stories prints them.',
    load: async () => (await import('./stories/explain.ts')).explainCommand,
  },
  {
    usage: 'why <article>',
    description: 'tells what became of an article, by its address, its title or a part of it, or a key',
    options: [new Option('--json', 'one JSON object')],
    load: async () => (await import('./stories/why.ts')).whyCommand,
  },
  {
    usage: 'split <story> <entry>',
    description: 'take an entry out of its story for good',
    load: async () => (await import('./stories/correct.ts')).splitCommand,
  },
  {
    usage: 'merge <key> <key>',
    description: 'make two stories one for good',
    load: async () => (await import('./stories/correct.ts')).mergeCommand,
  },
  {
    usage: 'hide <key>',
    description: 'take a story, with all that joins it, or an entry down everywhere',
    load: async () => (await import('./stories/correct.ts')).hideCommand,
  },
  {
    usage: 'unhide <key>',
    description: 'let a story or an entry be shown again',
    load: async () => (await import('./stories/correct.ts')).unhideCommand,
  },
  {
    usage: 'refold',
    description: 'fold the entries of the window anew, by the present rules and your corrections',
    options: [
      new Option('--dry-run', 'say which would move, and change nothing'),
      new Option('--json', 'a JSON line for each entry that would move'),
    ],
    load: async () => (await import('./stories/refold.ts')).refoldCommand,
  },
  ...sourceCommands,
  {
    usage: 'check',
    description: 'the configuration: every fault with line, key, value and what is allowed',
    options: [new Option('--schema', 'print the JSON Schema of the configuration')],
    load: async () => (await import('./config/check.ts')).checkCommand,
  },
  {
    usage: 'export <file>',
    description: 'the whole state as lines of JSON, while runs go on; - is standard output',
    load: async () => (await import('./state/export.ts')).exportCommand,
  },
  {
    usage: 'import <file>',
    description: 'an export into a store that has nothing yet, all or nothing; - is standard input',
    load: async () => (await import('./state/import.ts')).importCommand,
  },
  {
    usage: 'backup <file>',
    description: 'a copy of the SQLite store, while runs go on',
    load: async () => (await import('./state/backup.ts')).backupCommand,
  },
  {
    usage: 'prune',
    description: 'take out what `keep` of the configuration keeps no longer; runs do so a little at a time',
    options: [
      new Option('--archives', 'also archive documents all of whose stories are gone'),
      new Option('--dry-run', 'say how much, and change nothing'),
      new Option('--json', 'one JSON object'),
    ],
    load: async () => (await import('./state/prune.ts')).pruneCommand,
  },
  {
    usage: 'init <dir>',
    description: 'a commented configuration and a sample folder',
    load: async () => (await import('./config/init.ts')).initCommand,
  },
];
