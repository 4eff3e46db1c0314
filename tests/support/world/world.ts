import type { Feed } from '../../../src/model/feed.ts';
import type { RetentionSettings } from '../../../src/run/run-context.ts';
import type { Level } from '../../../src/fold/judge/judge.ts';
import { toFeed } from '../story.ts';
import { createOwner } from './owner.ts';
import type { Owner } from './owner.ts';
import type { Folder } from './folder.ts';
import { toWords } from './words.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** An article as its source shows it now. */
export interface Item {
  /** Number of the article, which its words carry too. */
  readonly article: number;
  /** null: the source gives none. */
  readonly guid: string | null;
  readonly link: string | null;
  readonly title: string;
  /** Words of the text; the empty string for a headline alone. */
  readonly text: string;
  readonly date: Date | null;
}

/** The way in which a source answers. `ok`: the whole document. Everything else lasts until the
 *  world mends it. */
export type Mood = 'ok' | 'cut' | 'none' | 'empty' | 'page' | '304' | '404' | '410' | '429' | '503' | 'hang' | 'bytes';

/** The format of a source's document. */
export type OutletFormat = 'rss' | 'atom' | 'json' | 'rdf';

/** Ways of writing the same words. */
export type Spelling = 'curly' | 'straight' | 'paragraphs' | 'cdata' | 'entities' | 'bold';

/** A source of the world. */
export interface Outlet {
  readonly id: string;
  format: OutletFormat;
  /** Newest first, as the document shows them. */
  items: Item[];
  /** Items that the document shows no more; they may come back. */
  readonly gone: Item[];
  mood: Mood;
  /** true while the configuration has the source. */
  isDeclared: boolean;
  readonly isPrivate: boolean;
  /** `page`: the configuration names a page, which links to the document. */
  readonly kind: 'feed' | 'page';
  /** Path of the document on its host. */
  path: string;
  /** The address to which requests for the document are redirected; null: it stays. */
  moved: { readonly to: string; readonly isPermanent: boolean } | null;
  /** `hash`: of the document. The others never change, always change, or are not given. */
  etag: 'hash' | 'constant' | 'fresh' | 'none';
  /** The answer to a request that accepts deltas (RFC 3229). `whole` and `forgetful` are lies. */
  delta: 'none' | 'honest' | 'whole' | 'forgetful';
  /** Items of documents that a hub has delivered and no run has read. */
  readonly delivered: { readonly items: readonly Item[]; readonly template: string }[];
  /** Time for which an answer is fresh. */
  freshMs: number;
  /** The way in which the same words are written. */
  spelling: Spelling;
  /** The charset that the server names. */
  label: 'right' | 'none' | 'latin1' | 'gbk';
  /** false: the owner lets nothing of it fold. */
  folds: boolean;
  priority: number;
  /** Most items of its document. */
  window: number;
  /** Words that a template adds to every item; empty for none. */
  template: string;
  charset: 'utf-8' | 'utf-16le' | 'windows-1252';
}

/** Everything that is true in one small world. Moves change it; checks compare the program with
 *  it. */
export interface World {
  now: Date;
  readonly outlets: Outlet[];
  /** true when processes die in this history. */
  readonly isMortal: boolean;
  readonly folders: Folder[];
  /** Folder of the files of this world. */
  readonly home: string;
  feeds: Feed[];
  level: Level;
  /** Number of the next article. */
  next: number;
  /** By article, the article that it is a copy of. */
  readonly copies: Map<number, number>;
  /** Articles whose words have changed since the last check of stories. */
  readonly revised: Set<number>;
  /** Articles of which nobody outside could tell whether they are still the same. */
  readonly doubtful: Set<number>;
  /** Articles of which a run may have read only a half. */
  readonly halves: Set<number>;
  /** Articles that came before the first whole document of their source: until that one, their
   *  changes are no news (docs/design.md §34). */
  readonly early: Set<number>;
  /** Articles of which nobody may read a word now. */
  readonly secrets: Set<number>;
  /** Lines of logs and reports that name the address of a private source. */
  readonly printed: string[];
  readonly owner: Owner;
  retention: RetentionSettings;
  /** The clock of the program's machine. */
  readonly clock: {
    /** Milliseconds by which it is ahead of the world's time. */
    offMs: number;
    /** Steps by which it was set since the last run that ended. */
    readonly steps: number[];
    isEverSet: boolean;
  };
  /** Processes that will be killed: by number of changes to the store, the next process first. */
  readonly kills: number[];
  /** true: a killed process is not started again before the next move. */
  isLeftDead: boolean;
  /** Sources that runs read at once. */
  concurrency: number;
}

/** Returns a world with three sources and one feed. `home`: folder of its files. */
export function createWorld(home: string, { isMortal }: Pick<World, 'isMortal'>): World {
  const world: World = {
    now: new Date('2026-03-10T12:00:00Z'),
    outlets: [],
    isMortal,
    folders: [],
    home,
    feeds: [toFeed({ limit: 10 })],
    level: 'careful',
    next: 1,
    copies: new Map(),
    revised: new Set(),
    doubtful: new Set(),
    halves: new Set(),
    early: new Set(),
    secrets: new Set(),
    printed: [],
    owner: createOwner(),
    retention: { days: null, perSource: null },
    clock: { offMs: 0, steps: [], isEverSet: false },
    kills: [],
    isLeftDead: false,
    concurrency: 20,
  };
  for (const format of ['rss', 'atom', 'json'] as const) openOutlet(world, format);
  return world;
}

/** Adds a source that shows nothing yet. */
export function openOutlet(world: World, format: OutletFormat, said: Partial<Pick<Outlet, 'kind' | 'isPrivate'>> = {}): Outlet {
  const outlet: Outlet = {
    id: `s${world.outlets.length}`,
    format,
    items: [],
    gone: [],
    mood: 'ok',
    isDeclared: true,
    isPrivate: false,
    kind: 'feed',
    path: 'feed',
    moved: null,
    etag: 'hash',
    delta: 'none',
    delivered: [],
    freshMs: 0,
    spelling: 'curly',
    label: 'right',
    folds: true,
    priority: 50,
    window: 12,
    template: '',
    charset: 'utf-8',
    ...said,
  };
  world.outlets.push(outlet);
  return outlet;
}

/** Publishes an article at a source, newest first; `said` replaces fields. Returns its item. */
export function publish(world: World, outlet: Outlet, said: Partial<Item> = {}): Item {
  const article = world.next++;
  const item: Item = {
    article,
    guid: `urn:x:${article}`,
    link: `https://${outlet.id}.test/${article}`,
    title: toWords(article, 5, 100),
    text: toWords(article, 40),
    date: new Date(world.now.getTime() - 5 * MINUTE),
    ...said,
  };
  outlet.items.unshift(item);
  outlet.gone.push(...outlet.items.splice(outlet.window));
  return item;
}

/** Replaces fields of the item at a position, counted round the list. Returns false when the source
 *  shows none. */
export function change(outlet: Outlet, at: number, said: Partial<Item> | ((item: Item) => Partial<Item>)): boolean {
  const index = at % Math.max(1, outlet.items.length);
  const item = outlet.items[index];
  if (!item) return false;
  outlet.items[index] = { ...item, ...(typeof said === 'function' ? said(item) : said) };
  return true;
}

/** Returns a source by a number, counted round the list. */
export function pick(world: World, at: number): Outlet {
  const outlet = world.outlets[at % world.outlets.length];
  if (!outlet) throw new Error('a world has one source at least');
  return outlet;
}

/** Returns the article that an article is a copy of in the end, or itself. */
export function originOf(world: World, article: number): number {
  const of = world.copies.get(article);
  return of === undefined ? article : originOf(world, of);
}

/** Returns the time that the program's machine shows. */
export function machineTime({ now, clock }: World): Date {
  return new Date(now.getTime() + clock.offMs);
}

/** Reports whether a source is polled as often as the program likes: every second one is. The
 *  others are polled in every run. So are all where processes die. A poll that was cut off is made
 *  again there, and what it finds decides when the next one is due. */
export function isAdaptive({ outlets, isMortal }: World, outlet: Outlet): boolean {
  return !isMortal && outlets.indexOf(outlet) % 2 === 1;
}
