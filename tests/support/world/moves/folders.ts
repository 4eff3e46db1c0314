import { composeOwn, openFolder, put, remove } from '../folder.ts';
import type { Folder, OwnArticle } from '../folder.ts';
import { toWords } from '../words.ts';
import { DAY, HOUR, MINUTE } from '../world.ts';
import type { World } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

const forms = ['yaml', 'toml', 'html', 'plain'] as const;
const places = ['', 'deep/', 'deep/down/', ''];

/** Folders of the owner's articles: files that come, wait, change, move and go. */
export const folders: Moves = {
  file: ({ world }, a, b) => {
    add(world, a, b, composeOwn(world, { form: at(forms, b), ...(b % 5 === 0 && { date: null }) }));
  },
  fileHeld: ({ world }, a, b) => add(world, a, b, hold(world, composeOwn(world, { form: at(forms, a + b) }), b)),
  holdFile: ({ world }, a, b) => change(world, a, b, (own) => hold(world, own, a)),
  expireFile: ({ world }, a, b) =>
    change(world, a, b, (own) => ({ ...framed(own), until: new Date(world.now.getTime() + (a % 5) * HOUR) })),
  releaseFile: ({ world }, a, b) => change(world, a, b, (own) => ({ ...own, isDraft: false, isBroken: false, from: null, until: null })),
  editFile: ({ world }, a, b) => edit(world, a, b, ''),
  markFile: ({ world }, a, b) => edit(world, a, b, 'Update: '),
  renameFile: ({ world }, a, b) => move(world, a, b, at(places, a)),
  draftFolder: ({ world }, a, b) => move(world, a, b, '_drafts/'),
  latestFile: ({ world }, a) => {
    const folder = folderAt(world, a);
    const former = folder.files.get('latest.md');
    if (former) put(folder, `notice-${world.next++}.md`, former);
    put(folder, 'latest.md', composeOwn(world, { form: at(['yaml', 'toml', 'plain'] as const, a) }));
  },
  copyFile: ({ world }, a, b) =>
    withFile(world, a, b, (folder, location, own) => put(folder, toPlace(world, location.replace(/[^/]*$/, ''), own), own)),
  deleteFile: ({ world }, a, b) =>
    withFile(world, a, b, (folder, location, own) => {
      remove(folder, location);
      folder.trash.push([location, own]);
    }),
  /** Deletes a file, and lets runs see that sooner than they may act. */
  missFile: async (life, a, b) => {
    const folder = folderAt(life.world, a);
    const [location, own] = [...folder.files][b % Math.max(1, folder.files.size)] ?? [];
    if (location === undefined || !own) return;
    remove(folder, location);
    folder.trash.push([location, own]);
    for (let runs = 0; runs < 2; runs++) await life.run((1 + (a % 6)) * MINUTE);
  },
  restoreFile: ({ world }, a, b) => {
    const folder = folderAt(world, a);
    const [found] = folder.trash.splice(b % Math.max(1, folder.trash.length), 1);
    if (found && !folder.files.has(found[0]) && countFiles(folder, found[1]) === 0) put(folder, ...found);
  },
};

/** Returns a folder by a number, counted round the list; without one, opens it. */
function folderAt(world: World, n: number): Folder {
  if (world.folders.length === 0 || (n > 95 && world.folders.length < 3)) return openFolder(world);
  return at(world.folders, n);
}

function toPlace(world: World, below: string, { form }: OwnArticle): string {
  return `${below}${world.next++}.${form === 'html' ? 'html' : 'md'}`;
}

function add(world: World, a: number, b: number, own: OwnArticle): void {
  put(folderAt(world, a), toPlace(world, at(places, b), own), own);
}

function withFile(world: World, a: number, b: number, work: (folder: Folder, location: string, own: OwnArticle) => void): void {
  const folder = folderAt(world, a);
  const found = [...folder.files][b % Math.max(1, folder.files.size)];
  if (found) work(folder, ...found);
}

/** Changes the only file of an article: a change of one of its copies would make two articles. */
function change(world: World, a: number, b: number, to: (own: OwnArticle) => OwnArticle): void {
  withFile(world, a, b, (folder, location, own) => {
    if (countFiles(folder, own) === 1) put(folder, location, to(own));
  });
}

function countFiles({ files }: Folder, { article }: OwnArticle): number {
  return [...files.values()].filter((own) => own.article === article).length;
}

function edit(world: World, a: number, b: number, mark: string): void {
  const number = world.next++;
  change(world, a, b, (own) => ({ ...own, edits: [...own.edits, number], text: [...own.text, `${mark}${toWords(number, 20)}`] }));
}

function move(world: World, a: number, b: number, below: string): void {
  withFile(world, a, b, (folder, location, own) => {
    // Nobody could tell which article a file without its front matter is, once its path is another.
    if (own.isBroken) return;
    remove(folder, location);
    put(folder, toPlace(world, below, own), own);
  });
}

/** Returns an article with the form in which it can say that it waits. */
function framed(own: OwnArticle): OwnArticle {
  return own.form === 'plain' ? { ...own, form: 'yaml' } : own;
}

function hold(world: World, own: OwnArticle, n: number): OwnArticle {
  const kinds = [
    { isDraft: true },
    { from: new Date(world.now.getTime() + (1 + (n % 7)) * HOUR) },
    { isBroken: true },
    { from: new Date(world.now.getTime() + 40 * DAY) },
  ];
  return { ...framed(own), ...at(kinds, n) };
}
