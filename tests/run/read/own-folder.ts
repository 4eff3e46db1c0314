import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceDeclaration } from '../../../src/model/source.ts';
import { declare, openWorkbench } from '../../support/bench.ts';
import type { Workbench } from '../../support/bench.ts';

/** Opens a folder of own articles with its runs; time passes only when a test says so. */
export async function openFolder(said: Partial<SourceDeclaration> = {}, open?: Parameters<typeof openWorkbench>[0]) {
  const bench: Workbench = await openWorkbench(open);
  bench.write('articles/.keep', '');
  const sources = [declare('articles', join(bench.folder, 'articles'), { id: 'desk', ...said })];
  const run = (options: Parameters<typeof bench.run>[1] = {}) => bench.run(sources, options);
  return {
    bench,
    run,
    write: (name: string, text: string | Uint8Array) => void bench.write(`articles/${name}`, text),
    rename: (from: string, to: string) => renameSync(join(bench.folder, 'articles', from), join(bench.folder, 'articles', to)),
    remove: (name: string) => rmSync(join(bench.folder, 'articles', name)),
    pass: (minutes: number) => void (bench.now = new Date(bench.now.getTime() + minutes * 60_000)),
    titles: async () => (await bench.stories()).map(({ lead }) => lead.entry.revision.title).toSorted(),
    held: async () =>
      (await bench.store.readHeld()).map(({ location, reason, line, until }) => [location, reason, line, until?.toISOString() ?? null]),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** Returns words that no two articles share. */
export const wordsOf = (name: string) => Array.from({ length: 30 }, (_, n) => `${name}word${n}`).join(' ');
export const md = (head: string, name: string) => `---\ntitle: ${name}\n${head}\n---\n${wordsOf(name)}\n`;
export const named = (file: string) =>
  `${file.endsWith('.md') ? '# ' : ''}Of${file.replace(/\W/g, '')}\n\n${wordsOf(file.replace(/\W/g, ''))}\n`;
export const txt = (name: string) => `${name}\n\n${wordsOf(name)}\n`;
