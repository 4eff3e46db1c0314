import type { Revision } from '../../model/entry.ts';
import { dropLinkLists } from '../identity/text-hash.ts';
import { toUrlKey } from '../identity/url.ts';
import { dropVolatile, without } from './change.ts';
import { toComparable, tokeniseText } from './text.ts';

/** The parts of a version that readers see. */
export type Shown = Pick<Revision, 'title' | 'html' | 'summary' | 'text' | 'authors' | 'categories' | 'enclosures' | 'image' | 'rights'>;

/** Words or other parts that one version has and the other lacks, as often as that is so. */
export interface Delta {
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

/** The difference between the published version of an entry and the version that its document has
 *  now. Counters, ages and rotating lists of links are left out. */
export interface Difference {
  readonly title: Delta;
  readonly text: Delta;
  /** Links, pictures, files, authors and the like. */
  readonly parts: Delta;
  /** Words of lines that name the entry's author and that the other version lacks. */
  readonly authorLines: Delta;
  /** Words of the title and of the authors' names, which a template may repeat. */
  readonly own: ReadonlySet<string>;
  /** Returns the words that the new version has. */
  readonly wordsNow: () => { readonly title: ReadonlySet<string>; readonly text: ReadonlySet<string> };
  /** true when the same words stand in another order. */
  readonly isReordered: boolean;
  /** Letters of both texts, without signs. */
  readonly length: { readonly before: number; readonly after: number };
  /** Words of the shorter text. */
  readonly words: number;
  /** true when the new text, but for a call to read on, is a piece of the published one. */
  readonly isPiece: boolean;
  /** true when the new text begins with the published one. */
  readonly isContinued: boolean;
}

/** Calls to read on, at the end of a text that its feed has cut. */
const READ_ON =
  /(?:\[?(?:…|\.\.\.)\]?|[([]?\b(?:continue reading|read (?:more|on|the (?:full|whole|rest)[\p{L} ]{0,30})|weiterlesen|mehr lesen|lire la suite|lire plus|en savoir plus|seguir leyendo|leer más|continua a leggere|leggi tutto|leia mais)\b[^\n]{0,60}|(?:继续阅读|阅读全文|阅读更多|続きを読む)[^\n]{0,20})\s*$/iu;
/** A shorter piece must be the beginning of the text: a few words stand anywhere. */
const SHORT_PIECE = 60;

/** Returns the difference between two versions of an entry. */
export function compareShown(before: Shown, after: Shown): Difference {
  const [old, now] = [toProse(before), toProse(after)];
  const [oldWords, nowWords] = [toWords(old.text), toWords(now.text)];
  const stable = toDelta(oldWords, nowWords);
  const text = withRaw(stable, old.raw, now.raw);
  const title = toDelta(toWords(dropVolatile(before.title)), toWords(dropVolatile(after.title)));
  const names = [...before.authors, ...after.authors].map(({ name }) => toComparable(name)).filter((name) => name !== '');
  const isSame = isEmpty(stable) && isEmpty(title);
  return {
    title,
    text,
    parts: toDelta(toParts(before, old.html), toParts(after, now.html)),
    authorLines: isEmpty(text) ? { lost: [], gained: [] } : toAuthorLines(old.text, now.text, names),
    own: new Set([...toWords(before.title), ...toWords(after.title), ...names.flatMap((name) => name.split(' '))]),
    wordsNow: () => ({ title: new Set(toWords(after.title)), text: new Set(toWords(now.text)) }),
    isReordered:
      isSame &&
      (oldWords.join(' ') !== nowWords.join(' ') || toComparable(dropVolatile(before.title)) !== toComparable(dropVolatile(after.title))),
    length: { before: oldWords.join('').length, after: nowWords.join('').length },
    words: Math.min(oldWords.length, nowWords.length),
    isPiece: isPieceOf(now.text, oldWords.join(' ')),
    isContinued: toBare(now.text).startsWith(toBare(old.text)),
  };
}

function toProse({ html, summary, text }: Shown): { readonly html: string; readonly raw: string; readonly text: string } {
  const prose = dropLinkLists(html ?? summary, text);
  return { html: prose.html, raw: prose.text, text: dropVolatile(prose.text) };
}

/** Returns the words that are lost or gained in the raw texts too. A number at the end of a text
 *  may look like a counter once "Share this" stands behind it. */
function withRaw(delta: Delta, old: string, now: string): Delta {
  if (isEmpty(delta)) return delta;
  const raw = toDelta(toWords(old), toWords(now));
  const [lost, gained] = [new Set(raw.lost), new Set(raw.gained)];
  return { lost: delta.lost.filter((word) => lost.has(word)), gained: delta.gained.filter((word) => gained.has(word)) };
}

function toWords(text: string): readonly string[] {
  return toComparable(text)
    .split(' ')
    .filter((word) => word !== '');
}

function toDelta(old: readonly string[], now: readonly string[]): Delta {
  return { lost: without(old, now), gained: without(now, old) };
}

function isEmpty({ lost, gained }: Delta): boolean {
  return lost.length + gained.length === 0;
}

function isPieceOf(text: string, whole: string): boolean {
  const piece = toBare(text);
  return piece.length < SHORT_PIECE ? whole.startsWith(piece) : whole.includes(piece);
}

/** Returns a text in comparable form, without a call to read on. */
function toBare(text: string): string {
  const bare = text.trimEnd();
  const end = bare.slice(-120);
  return toComparable(bare.slice(0, -120) + end.replace(READ_ON, '').replace(READ_ON, ''));
}

function toAuthorLines(old: string, now: string, names: readonly string[]): Delta {
  const linesOf = (text: string) => text.split('\n').map(toComparable);
  const [before, after] = [linesOf(old), linesOf(now)];
  const ofAuthor = (lines: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return lines
      .filter((line) => !known.has(line) && names.some((name) => ` ${line} `.includes(` ${name} `)))
      .flatMap((line) => line.split(' '));
  };
  return { lost: ofAuthor(before, after), gained: ofAuthor(after, before) };
}

/** Parameters of media that name a file. All others are signatures, sizes and the like. */
const NAMING = /^(?:id|p|f|file|filename|name|path|src|url|u|img|image|media|photo|key|article|post|episode)$/i;

/** Returns what readers see beside the words: targets of links, pictures, files, names. Of an
 *  address, the part counts that does not change from one poll to the next. */
function toParts(shown: Shown, html: string): readonly string[] {
  const parts: string[] = [];
  for (const token of tokeniseText(html)) {
    if (token.kind !== 'open' && token.kind !== 'void') continue;
    const tag = html.slice(token.start, token.end);
    const address = /\s(?:data-)?(?:src|href)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)/i.exec(tag)?.[1]?.replace(/^["']|["']$/g, '');
    if (address !== undefined)
      parts.push(token.name === 'a' ? `a ${toUrlKey(address.replaceAll('&amp;', '&')) ?? address}` : `media ${toFileName(address)}`);
  }
  const { authors, categories, enclosures, image, rights, summary } = shown;
  parts.push(...authors.map(({ name }) => `author ${name}`));
  parts.push(...categories.map((label) => `category ${label}`));
  parts.push(...enclosures.map(({ url }) => `file ${toFileName(url)}`));
  if (image !== null) parts.push(`image ${toFileName(image)}`);
  if (rights !== null) parts.push(`rights ${toComparable(rights)}`);
  if (shown.html !== null && summary !== null) parts.push(`summary ${toComparable(dropVolatile(summary.replaceAll(/<[^>]*>/g, ' ')))}`);
  return parts;
}

function toFileName(address: string): string {
  if (/^data:/i.test(address)) return address.slice(0, 200);
  const [path = '', query = ''] = address.replaceAll('&amp;', '&').replace(/#.*$/s, '').split('?');
  const naming = query.split('&').filter((parameter) => NAMING.test(parameter.split('=')[0] ?? ''));
  return [path.replace(/^(?:https?:)?\/\/[^/]*/i, ''), ...naming.sort()].join('?');
}
