import { Option } from 'commander';
import { parseCountOption } from './command-row.ts';
import type { CommandRow } from './command-row.ts';

/** Commands about sources and about lists of sources, in the order in which the help lists them. */
export const sourceCommands: readonly CommandRow[] = [
  {
    usage: 'sources',
    description: 'the sources with their state',
    options: [new Option('--json', 'a JSON line for each')],
    load: async () => (await import('./sources/list.ts')).sourcesCommand,
    below: [
      {
        usage: 'check <what>',
        description: 'what stands at an address, or at the path of a file or folder, and what a source that is known would bring',
        options: [
          new Option('--previous <source>', 'compare with this source, which has moved here'),
          new Option('--json', 'one JSON object'),
        ],
        load: async () => (await import('./sources/check.ts')).sourcesCheckCommand,
      },
      {
        usage: 'add <what>',
        description: 'write a source into the configuration, and read it: a page, a feed, a file or a folder',
        options: [
          new Option('--id <id>', 'its name for good'),
          new Option('--title <title>', 'what it is called, in place of its own title'),
          new Option('--tag <tag...>', 'tags that feeds select by'),
          new Option('--priority <n>', '0 to 100: who leads a story').argParser(parseCountOption),
          new Option('--interval <duration>', 'how often it is asked, for a source of your own: 10m'),
          new Option('--full-text', 'take the text of linked pages where the feed has none'),
          new Option('--private', 'never print its address'),
          new Option('--previous <source>', 'the source, by id or address, that has moved here'),
          new Option('--dry-run', 'say what would be written, and write nothing'),
          new Option('--no-check', 'write it without a look at it'),
        ],
        load: async () => (await import('./sources/add.ts')).sourcesAddCommand,
      },
      {
        usage: 'remove <id>',
        description: 'take a source out of the configuration file; its stories stay',
        options: [
          new Option('--purge', 'withdraw its stories too, and forget how it was polled'),
          new Option('--dry-run', 'say what would be taken out, and write nothing'),
        ],
        load: async () => (await import('./sources/remove.ts')).sourcesRemoveCommand,
      },
      {
        usage: 'polite <id>',
        description: 'the last requests to a source against the rules of polite polling',
        options: [new Option('--json', 'one JSON object')],
        load: async () => (await import('./sources/polite.ts')).politeCommand,
      },
    ],
  },
  {
    usage: 'opml',
    description: 'lists of sources for and from feed readers (OPML)',
    below: [
      {
        usage: 'import <list>',
        description: 'add the feeds of a list to the configuration file; LIST is a file, an address, or - for standard input',
        options: [
          new Option('--dry-run', 'say what would be added, and write nothing'),
          new Option('--tag <tag...>', 'tags for all of them, beside those that their folders give'),
          new Option('--json', 'one JSON object'),
        ],
        load: async () => (await import('./opml/import.ts')).opmlImportCommand,
      },
      {
        usage: 'export [file]',
        description: 'write the feeds and pages of the configuration file as a list, to standard output by default',
        load: async () => (await import('./opml/export.ts')).opmlExportCommand,
      },
    ],
  },
];
