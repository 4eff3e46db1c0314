import { toLinkName } from './article.ts';
import type { Article } from './article.ts';
import type { Shared } from './shared-names.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { toStoredName } from './identity.ts';
import { ALIKE, sharedPart, UNLIKE } from './shared-words.ts';
import type { Pairs } from './shared-words.ts';
import { toComparable } from '../text/text.ts';

/** Points for and against "this item is that entry". An equal id, or an equal link without an id,
 *  outweighs any single change. It does not outweigh a new title with a new text, or with a new
 *  link and day. A name, title, instant or text that several articles share counts for next to
 *  nothing. */
const POINTS = {
  guid: 2.5,
  repeatedGuid: 0.5,
  guidDiffers: -3.5,
  link: 2,
  /** An equal link when neither has an id that says more. */
  linkAlone: 4.5,
  linkDiffers: -2,
  title: 3,
  titleNearly: -1,
  titleGrows: -0.4,
  titleDiffers: -3,
  /** Different titles when the texts cannot be compared. */
  onlyTitleDiffers: -4.2,
  instant: 5.5,
  day: 1.5,
  dayDiffers: -2,
  text: 5,
  shortText: 2.5,
  textDiffers: -2.5,
  /** Short texts (phrases) that differ, also when only a phrase differs. */
  shortTextDiffers: -2,
  /** Different texts when neither title nor address says anything. */
  onlyTextDiffers: -4.2,
} as const;

/** From this share on, one text contains the other as a whole. */
const WHOLE = 0.95;
/** Texts with fewer word pairs are phrases, which other articles may contain too. */
const LEAST_TEXT_PAIRS = 12;
/** Texts with at least this many word pairs are longer than a template of which only one article
 *  was seen. */
const MANY_PAIRS = 60;
/** Phrases agree only when nearly all word pairs do. */
const PHRASE_ALIKE = 0.8;

/** Result of comparing an item with an entry. */
interface Likeness {
  /** Above 0 the item may be the entry; the entry with most points is chosen. */
  readonly points: number;
  /** true when everything except the common name speaks against it. */
  readonly contradicts: boolean;
  /** true when both may be one although several things differ. More entries could then show that
   *  their common text is a template. */
  readonly isDoubtful: boolean;
}

/** Weighs everything that an item and an entry have in common, and everything in which they
 *  differ. */
export function compare(item: Article, entry: Article, shared: Shared, pairsOf: (article: Article) => Pairs): Likeness {
  const guid = compareGuids(item, entry, shared);
  const isNamed = guid === POINTS.guid;
  const link = compareLinks(item, entry, shared, isNamed);
  const day = compareDays(item, entry, shared);
  const { points: ofText, share } = compareTexts(item, entry, shared, pairsOf);
  const title = compareTitles(item, entry, shared, ofText === 0);
  const text = ofText === POINTS.textDiffers && title === 0 && link <= 0 ? POINTS.onlyTextDiffers : ofText;
  const isOtherTitle = title <= POINTS.titleDiffers;
  const differsInTitleAndLink = isOtherTitle && link < 0;
  const others = [isOtherTitle, link < 0, day < 0, text < 0].filter(Boolean).length;
  // With another title and another address, an equal day says nothing, and the text must be long,
  // or whole at the same instant.
  // With another title on another day, a text that is not long may be a template that was filled in
  // again.
  const isForm = isOtherTitle && day < 0 && text === POINTS.text && share < WHOLE && !isLong(item, pairsOf);
  const isWhole = text === POINTS.text && share >= WHOLE;
  const isTelling = isLong(item, pairsOf) || (isWhole && day === POINTS.instant);
  const ofWords = isForm ? 0 : differsInTitleAndLink && !isTelling ? Math.min(text, POINTS.shortText) : text;
  const ofContent = differsInTitleAndLink ? POINTS.titleDiffers + (day === POINTS.day ? 0 : day) + ofWords : title + day + ofWords;
  // A whole text under its own id is proof, whatever else is new.
  const isProved = isNamed && isWhole;
  const points = Math.max(guid + link + ofContent, isProved ? POINTS.guid + POINTS.text : -Infinity);
  const isNameless = !isNamed && link <= 0;
  const isCorrected = title === POINTS.titleNearly || title === POINTS.titleGrows;
  const isSameText = text > 0 && share === 1;
  const isOtherArticle =
    (isNameless && isOtherTitle && day < 0) ||
    // A shared id and the day are common to everything that a source published that day.
    (isNameless && title <= 0 && text <= 0 && day <= POINTS.day) ||
    // A rubric at another address with other words is another article too.
    (isNameless && link < 0 && text < 0 && day <= POINTS.day) ||
    // A new id on another day or at another address belongs to another article, unless the text
    // proves otherwise.
    (guid < 0 && ((day < 0 && text < POINTS.text) || (link < 0 && text < 0)));
  return {
    points: isOtherArticle ? Math.min(points, 0) : points,
    contradicts: !isCorrected && !isSameText && (isNamed ? ofContent + Math.min(link, 0) : ofContent) < 0,
    isDoubtful: points > 0 && others > 1,
  };
}

function isLong(item: Article, pairsOf: (article: Article) => Pairs): boolean {
  return pairsOf(item).size >= MANY_PAIRS;
}

function compareGuids(item: Article, entry: Article, { guids, areGuidsMoved }: Shared): number {
  if (item.guid === null) return item.identity === entry.identity && item.identity.startsWith('title:') ? POINTS.guid : 0;
  const isEqual = item.guid === entry.guid || (entry.guid === null && toStoredName(item.guid) === entry.identity);
  const isBelieved = !areGuidsMoved && !guids.has(item.guid) && (entry.guid === null || !guids.has(entry.guid));
  if (isEqual) return isBelieved ? POINTS.guid : POINTS.repeatedGuid;
  return isBelieved && entry.guid !== null ? POINTS.guidDiffers : 0;
}

function compareLinks(item: Article, entry: Article, { links, areLinksMoved }: Shared, isNamed: boolean): number {
  const [one, other] = [toLinkName(item), toLinkName(entry)];
  if (one === null || other === null) return 0;
  const pages = [item, entry].map(({ urlKey }) => urlKey ?? '');
  // For pruned entries the position on the page is unknown, so only the pages are compared.
  const isEqual = one === other || (entry.url === null && pages[0] === pages[1]);
  if (isEqual) {
    // A numbered position on a page may belong to whichever article is first on it.
    if (links.has(one) || (areLinksMoved && !isNamed) || /#\d{1,4}$/.test(one)) return 0;
    return isNamed || one.includes('#') ? POINTS.link : POINTS.linkAlone;
  }
  if (links.has(one) || links.has(other)) return 0;
  // Another position on a page, or another session, need not be another page.
  const [path, otherPath] = pages.map((page) => page.replace(/\?.*$/s, ''));
  return path === otherPath ? 0 : POINTS.linkDiffers;
}

function compareTitles(item: Article, entry: Article, { titles }: Shared, isAll: boolean): number {
  if (item.title === '' || entry.title === '') return 0;
  if (item.title === entry.title) return titles.has(item.title) ? 0 : POINTS.title;
  const nearly = compareWords(item.title, entry.title);
  if (nearly !== null) return nearly;
  return isAll ? POINTS.onlyTitleDiffers : POINTS.titleDiffers;
}

/** Returns points for a corrected title, or null when it is another title. A correction keeps
 *  nearly all words of the longer title, and every number. */
function compareWords(title: string, other: string): number | null {
  const [a, b] = [new Set(title.split(' ')), new Set(other.split(' '))];
  const [lost, gained] = [[...b].filter((word) => !a.has(word)), [...a].filter((word) => !b.has(word))];
  const common = a.size - gained.length;
  if ([...lost, ...gained].some((word) => /\p{N}/u.test(word))) return null;
  if (lost.length === 0 || gained.length === 0) return common >= 0.5 * Math.max(a.size, b.size) ? POINTS.titleGrows : null;
  if (common < 3) return null;
  return common >= 0.75 * Math.max(a.size, b.size) ? POINTS.titleNearly : null;
}

function compareDays(item: Article, entry: Article, { instants }: Shared): number {
  const [a, b] = [item.published?.getTime(), entry.published?.getTime()];
  if (a === undefined || b === undefined) return 0;
  if (a === b) return instants.has(a) ? 0 : a % DAY_MS === 0 ? POINTS.day : POINTS.instant;
  return Math.abs(a - b) < DAY_MS ? POINTS.day : POINTS.dayDiffers;
}

function compareTexts(
  item: Article,
  entry: Article,
  { pairs }: Shared,
  pairsOf: (article: Article) => Pairs,
): { readonly points: number; readonly share: number } {
  if (item.text === '' || entry.text === '') return { points: 0, share: 0 };
  const { share, counted } = sharedPart(pairsOf(item), pairsOf(entry), pairs);
  const isPhrase = counted < LEAST_TEXT_PAIRS;
  if (counted === 0) return { points: 0, share };
  // Texts of two or three words say something only when one contains the other, or when they have
  // nothing in common.
  if (counted < 3) {
    const isIn = share === 1 || isBeginning(item, entry);
    return { points: isIn ? POINTS.shortText : share === 0 ? POINTS.shortTextDiffers : 0, share };
  }
  if (share >= (isPhrase ? PHRASE_ALIKE : ALIKE)) return { points: isPhrase ? POINTS.shortText : POINTS.text, share };
  return { points: share < UNLIKE ? POINTS.textDiffers : 0, share };
}

function isBeginning(item: Article, entry: Article): boolean {
  return toComparable(item.text.slice(0, entry.text.length)) === toComparable(entry.text);
}
