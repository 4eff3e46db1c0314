import type { ParsedItem } from '../../src/model/parsed.ts';

/** Returns numbers from 0 to 1 that depend only on the seed. */
export type Random = () => number;

/** The generator mulberry32: small, fast, and the same on every machine. */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A document with damage at one position. */
export interface Damaged {
  readonly text: string;
  /** The document is intact before this offset. Only entries that end before it are expected. */
  readonly until: number;
}

/** Damages a document at one random position that suits the kind; null when there is none. Each
 *  kind is a real publisher's error. Tags are damaged below the root only, texts outside CDATA. */
export const damages: Readonly<Record<string, (text: string, random: Random) => Damaged | null>> = {
  'stray < in text': (text, random) => {
    const span = pick(textsOf(text), random);
    return span && replace(text, span.start + Math.floor(random() * (span.end - span.start)), 0, '<');
  },
  'comment never closed': (text, random) => {
    const tag = pick(tagsOf(text), random);
    return tag && replace(text, tag.start, 0, '<!-- note ');
  },
  'attribute quote lost': (text, random) => {
    const quotes = tagsOf(text).flatMap(({ start, end }) =>
      [...text.slice(start, end).matchAll(/=\s*("[^"]*"|'[^']*')/g)].flatMap((match) => {
        const last = start + match.index + match[0].length - 1;
        return [last - (match[1]?.length ?? 0) + 1, last];
      }),
    );
    const quote = pick(quotes, random);
    return quote === null ? null : replace(text, quote, 1, '');
  },
  ']]> lost': (text, random) => {
    const section = pick(sectionsOf(text), random);
    return section && replace(text, section.end - 3, 3, '');
  },
  ']]> without >': (text, random) => {
    const section = pick(sectionsOf(text), random);
    return section && replace(text, section.end - 1, 1, '');
  },
  '> of an open tag lost': (text, random) => {
    const tag = pick(
      tagsOf(text).filter(({ start }) => text[start + 1] !== '/'),
      random,
    );
    return tag && replace(text, tag.end - 1, 1, '');
  },
  'close tag lost': (text, random) => {
    const tag = pick(
      tagsOf(text).filter(({ start }) => text[start + 1] === '/'),
      random,
    );
    return tag && replace(text, tag.start, tag.end - tag.start, '');
  },
  'cut off': (text, random) => {
    const until = Math.floor(text.length * (0.9 + 0.1 * random()));
    return { text: text.slice(0, until), until };
  },
};

interface Span {
  readonly start: number;
  readonly end: number;
}

const TOKEN = /<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>|<\/?[^<>]+>/gs;

/** Returns the tags inside the root element. */
function tagsOf(text: string): Span[] {
  const tags = [...text.matchAll(TOKEN)].filter(([token]) => !/^<[!?]/.test(token));
  return tags.slice(1, -1).map(({ index, 0: token }) => ({ start: index, end: index + token.length }));
}

function sectionsOf(text: string): Span[] {
  const sections = [...text.matchAll(TOKEN)].filter(([token]) => token.startsWith('<![CDATA['));
  return sections.map(({ index, 0: token }) => ({ start: index, end: index + token.length }));
}

/** Returns the texts between tags, except white space alone. */
function textsOf(text: string): Span[] {
  const texts: Span[] = [];
  let from = 0;
  for (const { index, 0: token } of text.matchAll(TOKEN)) {
    if (texts.length > 0 || /^<(?:[\w-]+:)?(?:rss|feed|rdf)/i.test(token) || from > 0) {
      if (from > 0 && text.slice(from, index).trim() !== '') texts.push({ start: from, end: index });
      from = index + token.length;
    }
  }
  return texts;
}

function pick<T>(list: readonly T[], random: Random): T | null {
  return list[Math.floor(random() * list.length)] ?? null;
}

function replace(text: string, at: number, length: number, by: string): Damaged {
  return { text: text.slice(0, at) + by + text.slice(at + length), until: Infinity };
}

/** Returns the non-empty fields of an item, each as a text. */
export function toFields(item: ParsedItem): Readonly<Record<string, string>> {
  const { guid, url, title, html, summary, published, updated } = item;
  const authors = item.authors.map((author) => author.name).join(' ');
  const enclosures = item.enclosures.map((enclosure) => enclosure.url).join(' ');
  return filled({ guid, url, title, html, summary, published, updated, authors, categories: item.categories.join(' '), enclosures });
}

export function filled(fields: Readonly<Record<string, string | null | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** Counts the fields of the first `asked` undamaged items, and those that the damaged reading still
 *  has. Items are matched by id, link or title, else by position. Texts are compared by letters and
 *  digits, without tags. */
export function countSurvivors(
  whole: readonly Readonly<Record<string, string>>[],
  damaged: readonly Readonly<Record<string, string>>[],
  asked: number,
): { readonly kept: number; readonly all: number } {
  const byKey = new Map(damaged.flatMap((fields) => keysOf(fields).map((key) => [key, fields] as const)));
  let [kept, all] = [0, 0];
  for (const [index, fields] of whole.slice(0, asked).entries()) {
    const samePosition = damaged[index] ?? {};
    const keys = keysOf(fields);
    const isSame = keysOf(samePosition).some((key) => keys.includes(key));
    const other = isSame ? samePosition : (keys.map((key) => byKey.get(key)).find((one) => one !== undefined) ?? samePosition);
    for (const [name, value] of Object.entries(fields)) {
      all++;
      if (toLetters(other[name] ?? '') === toLetters(value)) kept++;
    }
  }
  return { kept, all };
}

function keysOf(fields: Readonly<Record<string, string>>): string[] {
  return ['guid', 'url', 'title'].flatMap((name) => (fields[name] === undefined ? [] : [`${name} ${fields[name]}`]));
}

function toLetters(text: string): string {
  return text.replace(/<[^<>]*>/g, ' ').replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Counts the entries that end before an offset. */
export function countEntries(text: string, until: number): number {
  if (until === Infinity) return Infinity;
  return [...text.slice(0, until).matchAll(/<\/(?:[\w-]+:)?(?:item|entry)\s*>/gi)].length;
}
