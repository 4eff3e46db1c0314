import { isEvident, nameOf, toWordList } from './evidence.ts';
import type { Ownership } from './evidence.ts';
import { createOwnership, findLookalikes, findTwins, isCredible, isNamedApart, noteHeadline, noteNames } from './lookalikes.ts';
import { isContinued, isNews } from './news.ts';
import type { Served } from './server.ts';
import type { Truth } from './truth.ts';
import { originOf } from './world.ts';
import type { Item, Mood, Outlet, World } from './world.ts';

/** Moods in which a source shows no item at all. */
const silent: ReadonlySet<Mood> = new Set(['empty', 'page', '304', '404', '410', '429', '503', 'hang', 'bytes']);

/** Notes which items a run may have seen. `hasEnded`: the run was not killed, so it owes all that
 *  stood in whole documents. */
export function noteServed(world: World, truth: Truth, served: Served, hasEnded: boolean): void {
  for (const outlet of world.outlets) {
    const whole = served.get(outlet.id);
    const items = whole ?? (outlet.mood === 'ok' || silent.has(outlet.mood) ? [] : outlet.items);
    for (const item of outlet.items) if (world.halves.has(item.article)) noteHalf(world, truth, outlet, item);
    noteItems(world, truth, outlet, { items, isCut: whole === undefined, isSeen: whole !== undefined && hasEnded });
  }
}

/** Notes an item inside which a document has ended. A half that comes again and again is published
 *  (docs/design.md §20). Nothing but a known id shows for certain whose half it is. */
function noteHalf(world: World, truth: Truth, { id }: Outlet, item: Item): void {
  const versions = truth.shown.get(id)?.get(item.article) ?? [];
  const isOwn = createOwnership(truth, id, [item.article]);
  if (!versions.every((version) => isEvident(version, toBare(item), isOwn))) world.doubtful.add(item.article);
}

/** `isSeen`: the program has certainly read all of the items. `isCut`: it may have read some of
 *  them in part. */
function noteItems(
  world: World,
  truth: Truth,
  { id, template }: Outlet,
  { items, isCut, isSeen }: { readonly items: readonly Item[]; readonly isCut: boolean; readonly isSeen: boolean },
): void {
  const known = truth.shown.get(id) ?? new Map<number, readonly Item[]>();
  truth.shown.set(id, known);
  for (const item of items) noteNames(truth, id, withTemplate(item, template));
  const blur = (...articles: readonly number[]) => {
    for (const article of articles) {
      world.doubtful.add(article);
      truth.lookalikes.add(article);
    }
  };
  for (const item of items) blur(...noteHeadline(world, truth, id, item));
  blur(...findLookalikes(items));
  const hasCredit = isCredible(truth, id, items);
  // Full texts that come to several items at once are shown without being told.
  const areContinued = items.filter((item) => isContinued(truth.told.get(`${id} ${item.article}`), item)).length >= 3;
  const isTemplateAlone = notePlain(truth, id, { items, template, isSeen });
  const inDocument = new Set(items.map(({ article }) => article));
  for (const shown of items) {
    const item = withTemplate(shown, template);
    const { article } = item;
    const versions = known.get(article) ?? [];
    const owns = createOwnership(truth, id, [article], hasCredit);
    const others = items.filter((other) => other.article === article && isNamedApart(other, shown));
    // A clock that is wrong may believe no date.
    const isOwn: Ownership = (kind, name) =>
      (kind !== 'date' || !world.clock.isEverSet) && owns(kind, name) && others.every((other) => nameOf(other, kind) !== name);
    const isKnown = toForms(item, isCut).every((form) => versions.every((version) => isEvident(version, form, isOwn)));
    if (!isKnown) world.doubtful.add(article);
    const twins = versions.length === 0 ? findTwins(truth, id, item, inDocument) : [];
    if (twins.length > 0) blur(article, ...twins);
    // A source that copies an article anew may have renamed or changed the first copy.
    const isCopiedAnew = versions.length === 0 && [...known.keys()].some((other) => originOf(world, other) === originOf(world, article));
    if (isCopiedAnew) world.revised.add(article);
    // A run that saw a part of the document may have stored a part of the text.
    if (!isTemplateAlone && (versions.length > 1 || versions.some((version) => toSaid(version) !== toSaid(item))))
      world.revised.add(article);
    // A title that most items get at once is a template.
    const isUsual = items.filter(({ title }) => title === shown.title).length >= 3;
    noteNews(truth, `${id} ${article}`, shown, isSeen && !isUsual && !areContinued);
  }
  // One article may stand twice in a document; its versions count together.
  for (const [article, same] of Map.groupBy(items, (item) => item.article)) {
    const before = known.get(article) ?? [];
    // The program remembers the first date of an article, whatever its source says later.
    const date = before.find((version) => version.date !== null)?.date ?? null;
    const versions = same.flatMap((item) => toForms({ ...withTemplate(item, template), date: date ?? item.date }, isCut));
    const kept = before.filter((version) => versions.some(({ text }) => mayStay(version.text, text))).slice(-1);
    known.set(article, isSeen ? [...kept, ...versions.slice(0, 1)] : [...before, ...versions, ...versions]);
    if (isSeen && same.some((item) => item.title !== '' || item.text !== '' || item.link !== null)) truth.owed.add(article);
  }
}

/** Notes which articles have never changed but for their template. Reports whether the template is
 *  all that has changed in a document, for at least three articles; this is no news. */
function notePlain(
  { plain }: Truth,
  source: string,
  { items, template, isSeen }: { readonly items: readonly Item[]; readonly template: string; readonly isSeen: boolean },
): boolean {
  for (const item of items) {
    const key = `${source} ${item.article}`;
    const before = plain.get(key);
    const isStill = before === undefined || before?.said === toSaid(item);
    plain.set(key, isSeen && isStill ? (before ?? { said: toSaid(item), template }) : null);
  }
  const first = items.map(({ article }) => plain.get(`${source} ${article}`) ?? null);
  return first.every((one) => one !== null) && first.filter((one) => one?.template !== template).length >= 3;
}

/** Reports whether a text may stay published when its source shows another one: a cut one, or the
 *  same with another template. */
function mayStay(published: string, shown: string): boolean {
  const [old, now] = [toWordList(published), toWordList(shown)];
  return old.join(' ') !== now.join(' ') && (now.length < old.length || old.every((word, at) => now[at] === word));
}

/** Returns an item with the words of its source's template, as the program reads it. */
function withTemplate(item: Item, template: string): Item {
  return { ...item, text: [item.text, template].filter((part) => part !== '').join(' ') };
}

/** Returns the forms in which an item may have been read: of an item that is cut off, its id
 *  alone. */
function toForms(item: Item, isCut: boolean): readonly Item[] {
  return isCut ? [item, toBare(item)] : [item];
}

function toBare(item: Item): Item {
  return { ...item, link: null, title: '', text: '', date: null };
}

function noteNews({ told, news }: Truth, key: string, { title, text, ...item }: Item, isSeen: boolean): void {
  const before = told.get(key);
  const all = new Set([...(before?.all ?? []), ...toWordList(text)]);
  // Without that, the run may have told of this version or not.
  if (isSeen && before?.isCertain === true && isNews(before, { ...item, title, text })) news.add(key);
  told.set(key, { title, text, all, isCertain: isSeen });
}

function toSaid({ title, text }: Pick<Item, 'title' | 'text'>): string {
  return JSON.stringify([title, toWordList(text)]);
}
