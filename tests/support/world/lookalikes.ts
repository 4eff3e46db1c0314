import { isEvident, kinds, nameOf, toWordList } from './evidence.ts';
import type { NameKind } from './evidence.ts';
import type { Truth } from './truth.ts';
import { originOf } from './world.ts';
import type { Item, World } from './world.ts';

/** Reports whether two items of one document have another id or link and share neither. Names that
 *  both have are then no evidence (docs/design.md §13). */
export function isNamedApart(one: Item, other: Item): boolean {
  const names = (['guid', 'link'] as const).map((kind) => [nameOf(one, kind), nameOf(other, kind)] as const);
  return names.every(([a, b]) => a === null || a !== b) && names.some(([a, b]) => a !== b);
}

/** Notes which names an item has. */
export function noteNames({ users }: Truth, source: string, item: Item): void {
  for (const kind of [...kinds, 'text'] as const) {
    const key = `${source} ${kind} ${nameOf(item, kind)}`;
    const known = users.get(key);
    if (known) known.add(item.article);
    else users.set(key, new Set([item.article]));
  }
}

/** Titles of at most so many words are rubrics, which say nothing. */
const RUBRIC = 2;

/** Returns the articles that have one title and may be one: an article without text has it, or
 *  several sources do. One headline in two papers is mostly one article. */
export function noteHeadline(
  world: World,
  { titles, headlines }: Truth,
  source: string,
  { article, title, text }: Item,
): readonly number[] {
  const known = titles.get(title) ?? new Map<number, string>();
  titles.set(title, known.set(article, source));
  if (text === '') headlines.add(title);
  const isShared = new Set([...known.keys()].map((one) => originOf(world, one))).size > 1;
  const isElsewhere = toWordList(title).length > RUBRIC && new Set(known.values()).size > 1;
  return isShared && (headlines.has(title) || isElsewhere) ? [...known.keys()] : [];
}

/** Reports whether the ids of a document may be believed (docs/design.md §14): at most one, or half
 *  of them, names another article than before. */
export function isCredible({ shown }: Truth, source: string, items: readonly Item[]): boolean {
  const known = [...(shown.get(source) ?? [])].flatMap(([article, versions]) => versions.map(({ guid }) => ({ article, guid })));
  const named = items.flatMap(({ article, guid }) => {
    const owners = guid === null ? [] : known.filter((one) => one.guid === guid);
    return owners.length === 0 ? [] : [owners.some((one) => one.article === article)];
  });
  const moved = named.filter((isKept) => !isKept).length;
  return moved < 2 || moved * 2 <= named.length;
}

/** Returns a function that reports whether a name belongs to some articles alone. `hasCredit`: ids
 *  are believed. */
export function createOwnership({ users }: Truth, source: string, articles: readonly number[], hasCredit = true) {
  return (kind: NameKind, name: string | null) =>
    (kind !== 'guid' || hasCredit) && [...(users.get(`${source} ${kind} ${name}`) ?? [])].every((article) => articles.includes(article));
}

/** Returns the articles that left the document and of which a new one looks like a new version. */
export function findTwins(truth: Truth, source: string, item: Item, inDocument: ReadonlySet<number>): readonly number[] {
  const known = [...(truth.shown.get(source) ?? [])].filter(([article]) => !inDocument.has(article));
  return known.flatMap(([article, versions]) => {
    const isOwn = createOwnership(truth, source, [article, item.article]);
    return versions.some((version) => isEvident(version, item, isOwn)) ? [article] : [];
  });
}

/** Returns the articles that nobody can tell from another one of their document, or that stand
 *  there twice in different words. */
export function findLookalikes(items: readonly Item[]): readonly number[] {
  const byFace = Map.groupBy(items, (item) => JSON.stringify([...kinds.map((kind) => nameOf(item, kind)), toWordList(item.text)]));
  const alike = [...byFace.values()].filter((same) => new Set(same.map(({ article }) => article)).size > 1);
  const twice = [...Map.groupBy(items, ({ article }) => article).values()].filter(
    (same) => new Set(same.map(({ title, text, date }) => JSON.stringify([title, text, date]))).size > 1,
  );
  return [...alike, ...twice].flatMap((same) => same.map(({ article }) => article));
}
