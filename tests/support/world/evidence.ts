import type { Item } from './world.ts';

/** Reports whether a name (`guid …`, `link …`, `title …`, `date …` or `text …`) belongs to these
 *  articles alone. */
export type Ownership = (kind: NameKind, name: string | null) => boolean;

/** The fields of an item that may name its article. */
export type NameKind = 'guid' | 'link' | 'title' | 'date' | 'text';

/** The fields that may name an article without its text. */
export const kinds: readonly NameKind[] = ['guid', 'link', 'title', 'date'];

/** Reports whether somebody who sees both versions would call them one article with certainty. A
 *  whole text stays with one of the names, a part of it with two, or the title stays with the id or
 *  link. A name that says nothing, or that other articles have, is no evidence. */
export function isEvident(before: Item, after: Item, isOwn: Ownership): boolean {
  const isKept = (kind: NameKind) => {
    const name = nameOf(after, kind);
    return name !== null && name === nameOf(before, kind) && isOwn(kind, name);
  };
  const [guid, link, title, date] = [isKept('guid'), isKept('link'), isKept('title'), isKept('date')];
  const isBare = [before, after].some((one) => kinds.every((kind) => kind === 'guid' || nameOf(one, kind) === null) && one.text === '');
  if (isBare) return guid;
  const kept = [guid, link, title, date].filter(Boolean).length;
  const isMoved = before.date !== null && after.date !== null && !date;
  // A new id on another day is how a series looks: its titles, links and phrases repeat.
  const [one, other] = [nameOf(before, 'guid'), nameOf(after, 'guid')];
  const isSeries = isMoved && one !== null && other !== null && one !== other;
  const text = isOwn('text', nameOf(before, 'text')) ? compareTexts(before.text, after.text) : 'missing';
  // A source may publish an old article again, under a new id and link on another day.
  if (text === 'whole') return kept > 0 && (guid || link || !isMoved);
  if (isSeries) return false;
  if (text === 'part') return kept > 1;
  if (title && (guid || link)) return text === 'missing' || (guid && link) || date;
  return guid && link && (date || (text === 'missing' && !isMoved));
}

/** Returns a field of an item as a name; null when it names nothing. */
export function nameOf(item: Item, kind: NameKind): string | null {
  // A date of the far future is not believed.
  if (kind === 'date') return item.date === null || item.date.getUTCFullYear() > 2090 ? null : item.date.toISOString();
  if (kind === 'text') return toWordList(item.text).join(' ') || null;
  const name = item[kind];
  if (name === null || name.trim() === '' || /^https?:\/\/[^/]*\/?$/.test(name)) return null;
  return kind === 'guid' && /^(?:0|-1|null)$/.test(name) ? null : name;
}

/** Returns the words of a text, without its markup. */
export function toWordList(text: string): readonly string[] {
  return text
    .replaceAll(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** Fewer words are a phrase, which other articles may have too. */
const PHRASE = 15;

/** Compares the words of the shorter text with those of the other one. */
function compareTexts(one: string, other: string): 'whole' | 'part' | 'other' | 'missing' {
  const [a, b] = [new Set(toWordList(one)), new Set(toWordList(other))];
  const least = Math.min(a.size, b.size);
  if (least === 0) return 'missing';
  const shared = [...a].filter((word) => b.has(word)).length;
  if (shared >= 0.95 * least && least >= PHRASE) return 'whole';
  return shared >= 0.5 * least ? 'part' : 'other';
}
