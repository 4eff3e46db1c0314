import type { ExpectedArticle } from '../../model/parsed.ts';
import { isAbout } from './is-about-entry.ts';
import { classifyAddress } from './final-address.ts';
import type { PageBlock } from './blocks.ts';
import type { PageContent } from './content.ts';
import { countPageWords, toPlain } from './words.ts';
import { BOT_CHECK_TITLE, CONSENT_TITLE, findPhrases, isHarmless, LOGIN_TITLE, NOT_FOUND_TITLE } from './wall-phrases.ts';
import type { WallKind, WallPhrase } from './wall-phrases.ts';

/** Fault of a page: the second half of its problem's code. */
export type PageFault = WallKind | 'not-found' | 'other-article' | 'no-text';

/** Facts about a page that are read before Readability modifies it. */
export interface PageFacts {
  /** Address of the page after redirects. */
  readonly url: string;
  /** `title`, `og:title`, `h1` and the like, unchanged. */
  readonly titles: readonly string[];
  /** All visible text, boxes and frames included. */
  readonly blocks: readonly PageBlock[];
  /** True when it asks for a password outside its frame. */
  readonly hasPassword: boolean;
  /** True when the publisher declares that it is not free. */
  readonly isPaid: boolean;
}

/** Returns the reason why a page's text is not the entry's article; null when it is.
 *
 *  A wall (payment, registration, consent, age, ad blocker) or a robot check must never count as
 *  the article. Nor may an error page, a front page, another article or a teaser above a wall. A
 *  sign of a wall on a page with the whole article must not refuse it. Such signs occur in footers,
 *  sidebars, dialogs, boxes and articles about the subject. The rules:
 *  1. A declaration of the publisher, a redirect to a wall and the title of an error page decide at
 *  once.
 *  2. A phrase counts only in a block of its own: no long paragraph, no quotation, not in quotes,
 *  outside the frame. It must be at the cut: in the last part of the text or directly below it, or
 *  anywhere when there is little text. A likely phrase needs one other sign, a weak one needs two.
 *  Neither counts in a box, nor in a dialog over a longer text.
 *  3. Class names, a password field and an end without a full stop are only such other signs.
 *  4. The text must be about the entry (isAbout). In doubt a page is refused.
 *  Known faults: a wall in an unknown language is missed when its teaser ends like an article and
 *  nothing is declared. A complete article that is declared as metered is refused by rule 1. */
export function findPageFault(facts: PageFacts, content: PageContent | null, expected: ExpectedArticle): PageFault | null {
  const address = classifyAddress(facts.url, expected.url);
  if (address === 'home') return toPath(facts.url) === toPath(expected.url) ? 'other-article' : 'not-found';
  if (address !== null) return address;
  const titled = findTitleFault(facts, content, expected);
  if (titled !== null) return titled;
  const signs = findSigns(facts, content);
  if (facts.isPaid) return 'paywall';
  const wall = findWall(signs, facts, content);
  if (wall !== null) return wall;
  if (content === null || signs.textWords < MIN_TEXT) return signs.hits[0]?.kind ?? (facts.hasPassword ? 'login' : 'no-text');
  const text = content.blocks.map((block) => block.text).join('\n');
  if (!isAbout(expected, facts.titles, text)) {
    return signs.hits.find(({ strength }) => strength === 'strong')?.kind ?? (facts.hasPassword ? 'login' : 'other-article');
  }
  return isList(content) ? 'other-article' : null;
}

/** Least words of a text; a short note has ten. */
const MIN_TEXT = 8;
/** Words of a short text: typical of a teaser, rare for an article. */
const SHORT = 130;
/** Words of the longest teasers; many articles are as short, but end without an offer to
 *  subscribe. */
const MODEST = 250;
/** Most words of a block in which a phrase of each strength counts: from a short sentence or two
 *  down to a heading or label. */
const MOST_WORDS = { strong: 45, likely: 16, weak: 25 } as const;
/** Number of blocks below the text in which its wall may be; frames and boxes are not counted. */
const AFTER = 8;
/** A wall ends a text: the last part begins after this share of its words. */
const LAST = 0.75;

interface Hit {
  readonly kind: WallKind;
  readonly strength: WallPhrase['strength'];
  readonly words: string;
  readonly atCut: boolean;
  readonly block: PageBlock;
}

interface Signs {
  readonly hits: readonly Hit[];
  /** Words of the text outside the blocks of a wall. */
  readonly textWords: number;
  /** True when the text ends in the middle of a sentence. */
  readonly isCut: boolean;
}

function findSigns(facts: PageFacts, content: PageContent | null): Signs {
  const body = content?.blocks ?? [];
  const known = new Set(body.map(({ text }) => text));
  const last = facts.blocks.findLastIndex(({ text, region }) => region !== 'frame' && known.has(text));
  const total = body.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const hits: Hit[] = [];
  const walls = new Set<string>();
  let before = 0;
  let after = 0;
  for (const [index, block] of facts.blocks.entries()) {
    const isText = known.has(block.text);
    if (isText) before += countPageWords(block.text);
    if (last >= 0 && index > last && block.region === 'main') after += 1;
    const found = block.region === 'quote' ? [] : findCountedPhrases(block);
    const isEnd = isText ? before >= total * LAST : last < 0 || (index > last && after <= AFTER);
    for (const hit of found) hits.push({ ...hit, atCut: block.region !== 'frame' && isEnd, block });
    if (found.length > 0) walls.add(block.text);
  }
  const rest = body.filter(({ text }) => !walls.has(text));
  const textWords = rest.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const end = rest.findLast(({ region, isHeading, text }) => region === 'main' && !isHeading && countPageWords(text) > 4)?.text ?? '';
  return {
    hits,
    textWords,
    isCut: /(?:\u2026|\.\.\.|\[\.\.\.\]|\[\u2026\])\s*(?:\(?(?:more|mehr|plus|más)\)?)?$|[\p{L},\u3001\uff0c;:-]$/u.test(end),
  };
}

/** Returns the phrases of a block that count. In a long paragraph or in quotes, the text is about
 *  walls. A link to a page for subscribing counts as a phrase in any language. */
function findCountedPhrases({ text, isOffer }: PageBlock): WallPhrase[] {
  if (text.length > MAX_BLOCK) return [];
  const plain = toPlain(text);
  const words = countPageWords(plain);
  if (words > MOST_WORDS.strong) return [];
  const phrases = findPhrases(plain).filter((phrase) => {
    const at = plain.indexOf(phrase.words);
    const isQuoted =
      /["\u201c\u201e\u00ab\u300c\u300e\u2039]/.test(plain.slice(Math.max(0, at - 60), at)) &&
      /["\u201d\u201c\u00bb\u300d\u300f\u203a]/.test(plain.slice(at));
    return !isQuoted && words <= MOST_WORDS[phrase.strength];
  });
  if (isOffer && !isHarmless(plain) && words <= MOST_WORDS.likely && phrases.every(({ strength }) => strength === 'weak')) {
    phrases.push({ kind: 'paywall', strength: 'likely', words: plain });
  }
  return phrases;
}

/** Most characters of a block with so few words. */
const MAX_BLOCK = 600;

function findWall(signs: Signs, facts: PageFacts, content: PageContent | null): WallKind | null {
  const { textWords } = signs;
  // A page with only a line or two has no frame.
  const visible = signs.hits.filter(({ block }) => block.region !== 'frame' || textWords < MIN_TEXT * 3);
  const strong = visible.filter(({ strength }) => strength === 'strong');
  const ends = (kind: WallKind, limit: number) =>
    textWords < limit && strong.some((hit) => hit.kind === kind && (hit.atCut || content === null));
  // A robot check or consent wall replaces the article and never follows it.
  if (ends('bot-check', SHORT)) return 'bot-check';
  for (const kind of ['paywall', 'login'] as const) {
    const own = strong.filter((hit) => hit.kind === kind);
    if (own.some(({ atCut, block }) => atCut || block.isWall) || (own.length > 0 && textWords < SHORT)) return kind;
  }
  if (ends('consent', SHORT / 2)) return 'consent';
  const weak = visible.filter(({ block }) => block.region === 'main' || (block.region === 'dialog' && textWords < SHORT));
  for (const kind of ['paywall', 'login'] as const) {
    if (
      isWithheld(
        weak.filter((hit) => hit.kind === kind && hit.atCut),
        signs,
      )
    )
      return kind;
  }
  if (signs.isCut && textWords < SHORT && facts.blocks.some(({ isWall }) => isWall)) return 'paywall';
  if (facts.hasPassword && textWords < SHORT / 2 && (content === null || weak.some(({ kind }) => kind === 'login'))) return 'login';
  return null;
}

/** Reports whether phrases that free pages have prove a wall at the cut of a text. A likely phrase
 *  needs one other sign, weak ones need two. */
function isWithheld(hits: readonly Hit[], { isCut, textWords }: Signs): boolean {
  const isLikely = hits.some(({ strength }) => strength === 'likely');
  const different = new Set(hits.map(({ words }) => words)).size;
  const signs = [
    hits.some(({ block }) => block.isWall),
    hits.some(({ block }) => /^(?:\u2026|\.\.\.)/.test(block.text)),
    different > 1,
    isCut,
    textWords < (isLikely ? MODEST : SHORT),
  ];
  return hits.length > 0 && signs.filter(Boolean).length >= (isLikely ? 1 : 2);
}

/** Judges the titles of a page, unless the entry itself has such a title. */
function findTitleFault(facts: PageFacts, content: PageContent | null, expected: ExpectedArticle): PageFault | null {
  const wanted = toPlain(expected.title);
  const parts = facts.titles.flatMap((title) => {
    const plain = toPlain(title);
    return [plain, ...plain.split(/\s[|\u2013\u2014\u00b7:\u00bb-]\s|\s*\|\s*/)];
  });
  const has = (pattern: RegExp) => !pattern.test(wanted) && parts.some((part) => pattern.test(part.trim()));
  if (has(NOT_FOUND_TITLE)) return 'not-found';
  const words = content?.blocks.reduce((sum, { text }) => sum + countPageWords(text), 0) ?? 0;
  if (words > SHORT * 2) return null;
  if (has(BOT_CHECK_TITLE)) return 'bot-check';
  if (has(CONSENT_TITLE)) return 'consent';
  return has(LOGIN_TITLE) ? 'login' : null;
}

/** Reports whether a page has more links than text: a front page, a search or a section. */
function isList({ blocks }: PageContent): boolean {
  const all = blocks.reduce((sum, { text }) => sum + text.length, 0);
  const linked = blocks.reduce((sum, block) => sum + block.linked, 0);
  return linked > all * 0.5;
}

function toPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : url;
}
