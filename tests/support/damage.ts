import type { ParsedItem } from '../../src/model/parsed.ts';

/** Numbers from 0 to 1 that a seed decides: the same damage in every run. */
export type Random = () => number;

/** mulberry32: small, fast, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A document that one place was damaged in. */
export interface Damaged {
  readonly text: string;
  /** Offset up to which the document is all there: entries that do not end before it are not asked
   *  for. */
  readonly until: number;
}

/** One damage to a document, at a random place of its kind; null when it has no such place. Each is
 *  what a real publisher got wrong:
 *  - stray `<`: one put anywhere into a text outside CDATA
 *  - comment never closed: `<!-- note ` put before any tag inside the root
 *  - attribute quote lost: the first or last quote of any attribute below the root
 *  - `]]>` lost, `]]>` without `>`: of any CDATA section
 *  - `>` of an open tag lost: of any below the root; close tag lost: any below the root
 *  - cut off: anywhere in the last tenth */
export const damages: Readonly<Record<string, (text: string, random: Random) => Damaged | null>> = {
  'stray < in text': (text, random) => {
    const place = pick(textsOf(text), random);
    return place && replace(text, place.start + Math.floor(random() * (place.end - place.start)), 0, '<');
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

interface Place {
  readonly start: number;
  readonly end: number;
}

const TOKEN = /<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>|<\/?[^<>]+>/gs;

/** Tags between the root's own two. */
function tagsOf(text: string): Place[] {
  const tags = [...text.matchAll(TOKEN)].filter(([token]) => !/^<[!?]/.test(token));
  return tags.slice(1, -1).map(({ index, 0: token }) => ({ start: index, end: index + token.length }));
}

function sectionsOf(text: string): Place[] {
  const sections = [...text.matchAll(TOKEN)].filter(([token]) => token.startsWith('<![CDATA['));
  return sections.map(({ index, 0: token }) => ({ start: index, end: index + token.length }));
}

/** Texts between tags that are not white space alone. */
function textsOf(text: string): Place[] {
  const texts: Place[] = [];
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

/** Fields of an item that have something in them, each as a text. */
export function toFields(item: ParsedItem): Readonly<Record<string, string>> {
  const { guid, url, title, html, summary, published, updated } = item;
  const authors = item.authors.map((author) => author.name).join(' ');
  const enclosures = item.enclosures.map((enclosure) => enclosure.url).join(' ');
  return filled({ guid, url, title, html, summary, published, updated, authors, categories: item.categories.join(' '), enclosures });
}

export function filled(fields: Readonly<Record<string, string | null | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

/** How many of the fields of a whole reading a damaged one has, out of how many: those of the first
 *  `asked` items. Items are matched by their id, link or title, else by their place; texts by their
 *  letters and digits, whole tags left out. */
export function countSurvivors(
  whole: readonly Readonly<Record<string, string>>[],
  damaged: readonly Readonly<Record<string, string>>[],
  asked: number,
): { readonly kept: number; readonly all: number } {
  const byKey = new Map(damaged.flatMap((fields) => keysOf(fields).map((key) => [key, fields] as const)));
  let [kept, all] = [0, 0];
  for (const [index, fields] of whole.slice(0, asked).entries()) {
    const inPlace = damaged[index] ?? {};
    const keys = keysOf(fields);
    const isSame = keysOf(inPlace).some((key) => keys.includes(key));
    const other = isSame ? inPlace : (keys.map((key) => byKey.get(key)).find((one) => one !== undefined) ?? inPlace);
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

/** How many entries end before an offset. */
export function countEntries(text: string, until: number): number {
  if (until === Infinity) return Infinity;
  return [...text.slice(0, until).matchAll(/<\/(?:[\w-]+:)?(?:item|entry)\s*>/gi)].length;
}
