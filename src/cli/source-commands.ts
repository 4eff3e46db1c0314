import { Option } from 'commander';
import { parseCountOption } from './command-row.ts';
import type { CommandRow } from './command-row.ts';

/** Commands about sources and lists of sources, in the order in which the help lists them. */
export const sourceCommands: readonly CommandRow[] = [
  {
    usage: 'sources',
    description: 'list the sources with their state',
    options: [new Option('--json', 'a JSON line for each')],
    load: async () => (await import('./sources/list.ts')).sourcesCommand,
    below: [
      {
        usage: 'check <source>',
        description: 'inspect an address, a file, a folder or a known source, and list its newest entries',
        options: [
          new Option('--previous <source>', 'compare with this source, which has moved here'),
          new Option('--json', 'one JSON object'),
        ],
        load: async () => (await import('./sources/check.ts')).sourcesCheckCommand,
      },
      {
        usage: 'add <source>',
        description: 'add a page, a feed, a file or a folder to the configuration, and read it',
        options: [
          new Option('--id <id>', 'permanent name'),
          new Option('--title <title>', 'title to show instead of its own'),
          new Option('--tag <tag...>', 'tags that feeds select by'),
          new Option('--priority <n>', '0 to 100: the highest source leads a story').argParser(parseCountOption),
          new Option('--interval <duration>', 'time between polls, for a source of your own: 10m'),
          new Option('--full-text', 'take the text from linked pages where the feed has none'),
          new Option('--private', 'never print its address'),
          new Option('--previous <source>', 'the source, by id or address, that has moved here'),
          new Option('--dry-run', 'check everything, but write nothing'),
          new Option('--no-check', 'add it without reading it'),
        ],
        load: async () => (await import('./sources/add.ts')).sourcesAddCommand,
      },
      {
        usage: 'remove <id>',
        description: 'remove a source from the configuration file; its stories stay',
        options: [
          new Option('--purge', 'also withdraw its stories and forget its polls'),
          new Option('--dry-run', 'only print what would be removed'),
        ],
        load: async () => (await import('./sources/remove.ts')).sourcesRemoveCommand,
      },
      {
        usage: 'polite <id>',
        description: 'check the last requests to a source against the rules of polite polling',
        options: [new Option('--json', 'one JSON object')],
        load: async () => (await import('./sources/polite.ts')).politeCommand,
      },
    ],
  },
  {
    usage: 'opml',
    description: 'exchange lists of sources with feed readers (OPML)',
    below: [
      {
        usage: 'import <list>',
        description: 'add the feeds of a list to the configuration file; LIST is a file, an address, or - for standard input',
        options: [
          new Option('--dry-run', 'only print what would be added'),
          new Option('--tag <tag...>', 'tags for all of them, besides those of their folders'),
          new Option('--json', 'one JSON object'),
        ],
        load: async () => (await import('./opml/import.ts')).opmlImportCommand,
      },
      {
        usage: 'export [file]',
        description: 'write the configured feeds and pages as a list, by default to standard output',
        load: async () => (await import('./opml/export.ts')).opmlExportCommand,
      },
    ],
  },
];
