import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toWords } from './words.ts';
import { MINUTE } from './world.ts';
import type { World } from './world.ts';

/** An article of the owner, as its file has it now. */
export interface OwnArticle {
  readonly article: number;
  /** Numbers whose words stand in the text since an edit. */
  readonly edits: readonly number[];
  readonly form: 'yaml' | 'toml' | 'html' | 'plain';
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly date: Date | null;
  readonly isDraft: boolean;
  /** Embargo and expiry. */
  readonly from: Date | null;
  readonly until: Date | null;
  /** true: nobody can read for certain whether the article may be shown. */
  readonly isBroken: boolean;
}

/** A folder of the owner's articles: real files, by their paths below it. */
export interface Folder {
  readonly id: string;
  readonly path: string;
  isDeclared: boolean;
  readonly files: Map<string, OwnArticle>;
  /** Deleted files, which may be restored. */
  readonly trash: [location: string, article: OwnArticle][];
}

/** Adds a folder without files. */
export function openFolder(world: World): Folder {
  const id = `f${world.folders.length}`;
  const folder: Folder = { id, path: join(world.home, id), isDeclared: true, files: new Map(), trash: [] };
  mkdirSync(folder.path, { recursive: true });
  world.folders.push(folder);
  return folder;
}

/** Returns a new article, which no file has yet; `said` replaces fields. */
export function composeOwn(world: World, said: Partial<OwnArticle> = {}): OwnArticle {
  const article = world.next++;
  return {
    article,
    edits: [],
    form: 'yaml',
    title: toWords(article, 5, 100),
    text: [toWords(article, 40)],
    date: new Date(world.now.getTime() - 5 * MINUTE),
    isDraft: false,
    from: null,
    until: null,
    isBroken: false,
    ...said,
  };
}

/** Writes an article to a file. */
export function put({ path, files }: Folder, location: string, article: OwnArticle): void {
  const file = join(path, location);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, writers[article.form](article));
  files.set(location, article);
}

/** Removes a file. */
export function remove({ path, files }: Folder, location: string): void {
  rmSync(join(path, location));
  files.delete(location);
}

/** Reports what a file asks for at an instant. */
export function releaseOf(
  location: string,
  { form, isDraft, isBroken, from, until }: OwnArticle,
  now: Date,
): 'show' | 'draft' | 'fault' | 'wait' {
  // Keys that cannot be parsed say nothing, and a fault withdraws nothing (docs/design.md §23).
  const isReadable = !isBroken || form === 'html';
  if ((isDraft && isReadable) || location.startsWith('_drafts/')) return 'draft';
  if (isBroken) return 'fault';
  if (until !== null && until <= now) return 'draft';
  return from !== null && from > now ? 'wait' : 'show';
}

const writers = {
  yaml(own: OwnArticle): string {
    const title = own.isBroken ? `a slip: ${own.title}: of the pen` : own.title;
    return `---\ntitle: ${title}\n${facts(own, ': ')}---\n\n${toParagraphs(own)}\n`;
  },
  toml(own: OwnArticle): string {
    const title = own.isBroken ? own.title : `"${own.title}"`;
    return `+++\ntitle = ${title}\n${facts(own, ' = ')}+++\n\n${toParagraphs(own)}\n`;
  },
  html(own: OwnArticle): string {
    const metas = namesOf(own).map(([name, value]) => `<meta name="${name}" content="${value}">`);
    const fault = own.isBroken ? '<meta name="publishdate" content="one of these days">' : '';
    const body = own.text.map((part) => `<p>${part}</p>`).join('\n');
    return `<!doctype html><html><head><title>${own.title}</title>${fault}${metas.join('')}</head><body>\n${body}\n</body></html>`;
  },
  plain: (own: OwnArticle): string => `# ${own.title}\n\n${toParagraphs(own)}\n`,
};

function toParagraphs({ text }: OwnArticle): string {
  return text.join('\n\n');
}

function namesOf({ date, from, until, isDraft }: OwnArticle): (readonly [name: string, value: string])[] {
  const dates = [
    ['date', date],
    ['publishDate', from],
    ['expiryDate', until],
  ] as const;
  const said = dates.flatMap(([name, at]) => (at === null ? [] : [[name, at.toISOString()] as const]));
  return isDraft ? [...said, ['draft', 'true']] : said;
}

function facts(own: OwnArticle, between: string): string {
  return namesOf(own)
    .map(([name, value]) => `${name}${between}${value}\n`)
    .join('');
}
