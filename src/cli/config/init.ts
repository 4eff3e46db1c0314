import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toJsonSchema } from '../../config/json-schema.ts';
import { exists, toFileError } from '../output/files.ts';
import { complain, print } from '../output/print.ts';

/** Writes a commented configuration that runs unchanged, its schema for editors, and a folder
 *  with one article. When one of the files exists, none is written and the exit code is 1. */
export async function initCommand(directory: string): Promise<number> {
  const files = [
    [join(directory, 'config', 'newsfold.yaml'), CONFIG],
    [join(directory, 'config', 'newsfold.schema.json'), `${JSON.stringify(toJsonSchema(), null, 2)}\n`],
    [join(directory, 'feeds', 'articles', 'welcome.txt'), ARTICLE],
  ] as const;
  for (const [file] of files)
    if (await exists(file)) {
      complain(`${file} exists already: name another folder; nothing was written`);
      return 1;
    }
  for (const [file, text] of files)
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    } catch (error) {
      throw toFileError(file, 'written', error);
    }
  const config = join(directory, 'config', 'newsfold.yaml');
  print(`${files.map(([file]) => file).join('\n')}\n`);
  print(`Now list your sources in ${config}, or let this command add them`);
  print(`  newsfold sources add https://example.org --config ${config}   a page, a feed, a file or a folder`);
  print('then');
  print(`  newsfold run --config ${config}     one run, with a report`);
  print(`  newsfold serve --config ${config}   the feeds at http://localhost:8080/, and a run every ten minutes`);
  return 0;
}

const CONFIG = `# yaml-language-server: $schema=newsfold.schema.json
# The configuration of Newsfold. Lines that start with # are notes, or examples to take the # from.
# Relative paths start at this file's folder. "newsfold check --config THIS_FILE" tells every fault with its line.
# \${NAME} and \${NAME:-default} are taken from the environment: keep passwords there.

site:
  title: My planet
  url: 'http://localhost:8080' # where your readers reach it: stands in every feed
  language: en
  author: { name: My planet }

store: sqlite:../data/newsfold.db # where everything is kept; the folder is made by the first run

server:
  host: 127.0.0.1 # 0.0.0.0 to be reached from other machines
  port: 8080

schedule: '*/10 * * * *' # when "newsfold serve" looks for what is due; each feed is asked once an hour at most

# Where articles come from. Each source is one of page, feed, file or articles; "newsfold sources add ADDRESS" finds out which and writes it here.
# The id is its name for good: keep it when the address changes.
sources:
  - id: desk
    articles: ../feeds/articles # a folder of your own .txt, .md and .html files; one file is one article
    title: Our own articles
    tags: [own]
    priority: 90 # 0 to 100: of the sources that carry one story the highest leads it
  # - page: https://their.blog/ # a web page: its feed is found
  # - id: your-blog
  #   feed: https://your.blog/atom.xml # RSS, Atom or JSON Feed
  #   tags: [tech]
  # - file: ../feeds/saved/*.xml # saved feeds; each file is a source of its own

# What is published: the first one at /feed.atom, /feed.rss and /feed.json, every other at /feeds/{slug}.atom and so on.
feeds:
  - { slug: all, title: My planet, default: true, limit: 50 }
  # - { slug: tech, title: Tech, tags: [tech], exclude: [{ title: sponsored }] }
`;

const ARTICLE = `Welcome to your planet

This article is a text file: feeds/articles/welcome.txt. Its first line is the title, an empty line ends a paragraph, and whatever you save in
this folder is published by the next run. Remove it when you have an article of your own.

Change a sentence and the story gets a new version under the same address, so that feed readers show it once. Put the date in the name of a
file, such as 2026-01-31-welcome.txt, and it counts as published then; without one it counts as published when it was first seen.
`;
