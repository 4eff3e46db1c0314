import { Option } from 'commander';
import { parseCountOption, toPort } from './command-row.ts';
import type { CommandRow } from './command-row.ts';
import { sourceCommands } from './source-commands.ts';

/** Help text of --take-over, which every command that joins a cluster has. */
const TAKE_OVER = 'make all nodes use this configuration, even when another one has replaced it before';

/** All commands in the order in which the help lists them. */
export const commands: readonly CommandRow[] = [
  {
    usage: 'serve',
    description: 'run the server and the schedule, with a run at start',
    options: [
      new Option('--no-run', 'only serve what is stored: no run at start, no schedule'),
      new Option('--port <n>', 'port to listen on').argParser(toPort),
      new Option('--memory <mb>', 'heap of the process that makes the runs, megabytes').argParser(parseCountOption).default(384),
      new Option('--take-over', TAKE_OVER),
    ],
    load: async () => (await import('./serve/serve.ts')).serveCommand,
  },
  {
    usage: 'worker',
    description: 'run a node without a server, which reads sources and makes runs with others (PostgreSQL)',
    options: [new Option('--take-over', TAKE_OVER)],
    load: async () => (await import('./serve/worker.ts')).workerCommand,
  },
  {
    usage: 'run',
    description: 'read the sources that are due, publish, and print a report',
    options: [
      new Option('--all', 'read all sources now, though never sooner than publishers allow'),
      new Option('--source <id>', 'read this source only'),
      new Option('--dry-run', 'only list what is due: request and store nothing'),
      new Option('--json', 'print the report as one JSON object'),
      new Option('--strict', 'exit code 1 when anything failed'),
      new Option('--accept-deletions', 'accept that local articles are missing and delete them, however many'),
      new Option('--if-free', 'exit code 0 when another run is going on'),
      new Option('--retry', 'try items once more that were set aside after a failure'),
    ],
    load: async () => (await import('./serve/run.ts')).runCommand,
  },
  {
    usage: 'build <dir>',
    description: 'write the documents and pages below a folder, for any file host',
    load: async () => (await import('./serve/build.ts')).buildCommand,
  },
  {
    usage: 'parse <file...>',
    description: 'print the content of feeds and articles; takes files and URLs',
    options: [new Option('--json', 'a JSON line for each')],
    isConfigOptional: true,
    load: async () => (await import('./debug/parse.ts')).parseCommand,
  },
  {
    usage: 'fold <file>',
    description: 'fold a JSONL file of entries and print its stories',
    options: [
      new Option('--pairs <file>', 'judge the pairs in this file instead'),
      new Option('--fold <level>', 'how boldly entries are folded').choices(['off', 'keys', 'careful', 'normal']).default('careful'),
    ],
    load: async () => (await import('./debug/fold.ts')).foldCommand,
  },
  {
    usage: 'stories',
    description: 'list the published stories, newest first',
    options: [
      new Option('--json', 'a JSON line for each'),
      new Option('--limit <n>', 'at most this many').argParser(parseCountOption),
      new Option('--held', 'list own articles that are held back instead: drafts, future or past dates, and faults'),
    ],
    load: async () => (await import('./stories/stories.ts')).storiesCommand,
  },
  {
    usage: 'explain <key>',
    description: 'explain a story: its entries with the evidence for each, and its versions',
    options: [new Option('--json', 'one JSON object')],
    note: '\nKEY is the key of a story or of an entry, as printed by newsfold stories.',
    load: async () => (await import('./stories/explain.ts')).explainCommand,
  },
  {
    usage: 'why <article>',
    description: 'explain what became of an article, by its address, its title or a part of it, or a key',
    options: [new Option('--json', 'one JSON object')],
    load: async () => (await import('./stories/why.ts')).whyCommand,
  },
  {
    usage: 'split <story> <entry>',
    description: 'remove an entry from its story for good',
    load: async () => (await import('./stories/correct.ts')).splitCommand,
  },
  {
    usage: 'merge <key> <key>',
    description: 'merge two stories for good',
    load: async () => (await import('./stories/correct.ts')).mergeCommand,
  },
  {
    usage: 'hide <key>',
    description: 'hide an entry, or a story with all its present and future entries, everywhere',
    load: async () => (await import('./stories/correct.ts')).hideCommand,
  },
  {
    usage: 'unhide <key>',
    description: 'show a hidden story or entry again',
    load: async () => (await import('./stories/correct.ts')).unhideCommand,
  },
  {
    usage: 'refold',
    description: 'fold recent entries again, by the present rules and your corrections',
    options: [
      new Option('--dry-run', 'only list the entries that would move'),
      new Option('--json', 'a JSON line for each entry that would move'),
    ],
    load: async () => (await import('./stories/refold.ts')).refoldCommand,
  },
  ...sourceCommands,
  {
    usage: 'check',
    description: 'check the configuration: every fault with line, key, value and what is allowed',
    options: [new Option('--schema', 'print the JSON Schema of the configuration')],
    load: async () => (await import('./config/check.ts')).checkCommand,
  },
  {
    usage: 'export <file>',
    description: 'write the whole state as lines of JSON, also during runs; - is standard output',
    load: async () => (await import('./state/export.ts')).exportCommand,
  },
  {
    usage: 'import <file>',
    description: 'import an export into an empty store, all or nothing; - is standard input',
    load: async () => (await import('./state/import.ts')).importCommand,
  },
  {
    usage: 'backup <file>',
    description: 'copy the SQLite store, also during runs',
    load: async () => (await import('./state/backup.ts')).backupCommand,
  },
  {
    usage: 'prune',
    description: 'delete what `keep` of the configuration no longer keeps; runs do so a little at a time',
    options: [
      new Option('--archives', 'also delete archive documents without remaining stories'),
      new Option('--dry-run', 'only print how much'),
      new Option('--json', 'one JSON object'),
    ],
    load: async () => (await import('./state/prune.ts')).pruneCommand,
  },
  {
    usage: 'init <dir>',
    description: 'write a commented configuration and a sample folder',
    load: async () => (await import('./config/init.ts')).initCommand,
  },
];
