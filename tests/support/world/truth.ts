import type { Item, World } from './world.ts';
import type { Served } from './server.ts';

/** Everything that the world has shown to the program so far. */
export interface Truth {
  /** By source and article, the item as the source last showed it. */
  readonly shown: Map<string, Map<number, Item>>;
  /** By source, the articles that ever stood under an id or a link. */
  readonly users: Map<string, Set<number>>;
  /** Articles that a run which ended was given whole: each must be published. */
  readonly owed: Set<number>;
}

export function createTruth(): Truth {
  return { shown: new Map(), users: new Map(), owed: new Set() };
}

/** Notes which items a run was given. `hasEnded`: the run was not killed, so it owes them. */
export function noteServed(world: World, truth: Truth, served: Served, hasEnded: boolean): void {
  for (const [source, items] of served) {
    const known = truth.shown.get(source) ?? new Map<number, Item>();
    truth.shown.set(source, known);
    for (const item of items) noteUsers(truth, source, item);
    for (const item of items) {
      const before = known.get(item.article);
      if (before && !isEvident(truth, source, before, item)) world.doubtful.add(item.article);
      if (before && (before.title !== item.title || before.text !== item.text)) world.revised.add(item.article);
      known.set(item.article, item);
      if (hasEnded) truth.owed.add(item.article);
    }
  }
}

function noteUsers({ users }: Truth, source: string, { article, guid, link }: Item): void {
  for (const name of [guid, link]) {
    const key = `${source} ${name ?? ''}`;
    const known = users.get(key);
    if (known) known.add(article);
    else users.set(key, new Set([article]));
  }
}

/** Reports whether anybody could tell from outside that an item is still the same article: an id or
 *  link that names it alone stays, or its title or text with its date. */
function isEvident({ users }: Truth, source: string, before: Item, item: Item): boolean {
  const isOwn = (name: string | null) => name !== null && users.get(`${source} ${name}`)?.size === 1;
  const guid = item.guid === before.guid && isOwn(item.guid);
  const link = item.link === before.link && isOwn(item.link);
  const title = item.title === before.title && item.title !== '';
  const text = sharesHalf(before.text, item.text);
  const date = item.date !== null && item.date.getTime() === before.date?.getTime();
  return (text && (title || guid || link || date)) || (title && (guid || link)) || (guid && link);
}

function sharesHalf(one: string, other: string): boolean {
  const [a, b] = [new Set(one.split(' ')), new Set(other.split(' '))];
  const shared = [...a].filter((word) => word !== '' && b.has(word)).length;
  return shared * 2 >= Math.min(a.size, b.size) && shared > 0;
}
