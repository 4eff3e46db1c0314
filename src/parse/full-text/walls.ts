import type { ExpectedArticle } from '../../model/parsed.ts';
import { isAbout } from './about.ts';
import { judgeAddress } from './address.ts';
import type { PageBlock } from './blocks.ts';
import type { PageContent } from './content.ts';
import { countPageWords, toPlain } from './words.ts';
import { BOT_CHECK_TITLE, CONSENT_TITLE, findPhrases, isHarmless, LOGIN_TITLE, NOT_FOUND_TITLE } from './wall-phrases.ts';
import type { WallKind, WallPhrase } from './wall-phrases.ts';

/** What is wrong with a page: the second half of its problem's code. */
export type PageFault = WallKind | 'not-found' | 'other-article' | 'no-text';

/** What is read from a page before it is taken apart. */
export interface PageFacts {
  /** Address that the page came from, after redirects. */
  readonly url: string;
  /** `title`, `og:title`, `h1` and the like, as they stand. */
  readonly titles: readonly string[];
  /** All text that is seen, boxes and frames included. */
  readonly blocks: readonly PageBlock[];
  /** Whether it asks for a password outside of its frame. */
  readonly hasPassword: boolean;
  /** Whether the publisher declares that it is not free. */
  readonly isPaid: boolean;
}

/** Why a page's text is not the entry's article, or null when it is.
 *
 *  Requirements: the text of a wall (payment, registration, consent, age, ad blocker), of a check
 *  for robots, of an error page, of a front page or of another article is never taken for the
 *  article, and neither is what a wall left of it. A sign of a wall on a page that gives its whole
 *  article does not refuse it: not in the footer, a sidebar, a dialog that lies over the page, a
 *  box within the text, nor in an article about such things. So: (1) what the publisher declares
 *  holds, whatever the page gives; so do an address that was redirected to a wall and a title of an
 *  error page; (2) a phrase counts where it stands by itself (no long paragraph, no quotation, not
 *  in quotes) outside of the frame, and at the cut: in the
 *  last part of the text or right after it, or where there is little text; one that speaks of
 *  subscribing and of reading needs another sign,
 *  one that free pages have too needs two, and neither counts in a box, nor in a dialog over a
 *  longer text; (3) names of classes, a field for a password, an end without a full stop are only
 *  such other signs; (4) the text must be about the entry (isAbout). In doubt a page is refused.
 *  Known exceptions: a wall in a language that wall-phrases has not, on a page without declaration,
 *  whose teaser ends like an article; an article given whole whose publisher declares it metered
 *  (refused by 1). */
export function judgePage(facts: PageFacts, content: PageContent | null, expected: ExpectedArticle): PageFault | null {
  const address = judgeAddress(facts.url, expected.url);
  if (address === 'home') return toPath(facts.url) === toPath(expected.url) ? 'other-article' : 'not-found';
  if (address !== null) return address;
  const titled = judgeTitles(facts, content, expected);
  if (titled !== null) return titled;
  const signs = findSigns(facts, content);
  if (facts.isPaid) return 'paywall';
  const wall = judgeSigns(signs, facts, content);
  if (wall !== null) return wall;
  if (content === null || signs.textWords < MIN_TEXT) return signs.hits[0]?.kind ?? (facts.hasPassword ? 'login' : 'no-text');
  const text = content.blocks.map((block) => block.text).join('\n');
  if (!isAbout(expected, facts.titles, text)) {
    return signs.hits.find(({ strength }) => strength === 'strong')?.kind ?? (facts.hasPassword ? 'login' : 'other-article');
  }
  return isList(content) ? 'other-article' : null;
}

/** Words below which there is no text to speak of; a short note has ten. */
const MIN_TEXT = 8;
/** Words of a short text: a teaser has as many, and few articles less. */
const SHORT = 130;
/** Words of the longest teasers; many an article is as short, and ends without a call to
 *  subscribe. */
const MODEST = 250;
/** Words of a block that a phrase of each strength may stand in: a short sentence or two, down to a
 *  heading or a label. */
const MOST_WORDS = { strong: 45, likely: 16, weak: 25 } as const;
/** Blocks after the text in which the wall stands that cut it; frames and boxes are not counted. */
const AFTER = 8;
/** Walls end a text: its last part is what comes after this share of its words. */
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
  /** Words of the text without the blocks that are a wall's. */
  readonly textWords: number;
  /** Whether the text ends without the end of a sentence. */
  readonly isCut: boolean;
}

function findSigns(facts: PageFacts, content: PageContent | null): Signs {
  const body = content?.blocks ?? [];
  const known = new Set(body.map(({ text }) => text));
  const last = facts.blocks.findLastIndex(({ text, place }) => place !== 'frame' && known.has(text));
  const total = body.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const hits: Hit[] = [];
  const walls = new Set<string>();
  let before = 0;
  let after = 0;
  for (const [index, block] of facts.blocks.entries()) {
    const isText = known.has(block.text);
    if (isText) before += countPageWords(block.text);
    if (last >= 0 && index > last && block.place === 'main') after += 1;
    const found = block.place === 'quote' ? [] : findOwn(block);
    const isEnd = isText ? before >= total * LAST : last < 0 || (index > last && after <= AFTER);
    for (const hit of found) hits.push({ ...hit, atCut: block.place !== 'frame' && isEnd, block });
    if (found.length > 0) walls.add(block.text);
  }
  const rest = body.filter(({ text }) => !walls.has(text));
  const textWords = rest.reduce((sum, { text }) => sum + countPageWords(text), 0);
  const end = rest.findLast(({ place, isHeading, text }) => place === 'main' && !isHeading && countPageWords(text) > 4)?.text ?? '';
  return {
    hits,
    textWords,
    isCut: /(?:\u2026|\.\.\.|\[\.\.\.\]|\[\u2026\])\s*(?:\(?(?:more|mehr|plus|más)\)?)?$|[\p{L},\u3001\uff0c;:-]$/u.test(end),
  };
}

/** Phrases that stand by themselves: a long paragraph or quotes around the words mean that they are
 *  talked about. A link to where one subscribes is one in any language. */
function findOwn({ text, isOffer }: PageBlock): WallPhrase[] {
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

/** Characters of the longest block that could have so few words. */
const MAX_BLOCK = 600;

function judgeSigns(signs: Signs, facts: PageFacts, content: PageContent | null): WallKind | null {
  const { textWords } = signs;
  // On a page of a line or two nothing is a frame.
  const seen = signs.hits.filter(({ block }) => block.place !== 'frame' || textWords < MIN_TEXT * 3);
  const strong = seen.filter(({ strength }) => strength === 'strong');
  const ends = (kind: WallKind, limit: number) =>
    textWords < limit && strong.some((hit) => hit.kind === kind && (hit.atCut || content === null));
  // These two come in place of an article, and never after it.
  if (ends('bot-check', SHORT)) return 'bot-check';
  for (const kind of ['paywall', 'login'] as const) {
    const own = strong.filter((hit) => hit.kind === kind);
    if (own.some(({ atCut, block }) => atCut || block.isWall) || (own.length > 0 && textWords < SHORT)) return kind;
  }
  if (ends('consent', SHORT / 2)) return 'consent';
  const weak = seen.filter(({ block }) => block.place === 'main' || (block.place === 'dialog' && textWords < SHORT));
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

/** Whether phrases that free pages have too stand at the cut of a text with other signs of one: one
 *  for a likely phrase, else two. */
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

/** Titles of error pages and checks, unless the entry itself is called so. */
function judgeTitles(facts: PageFacts, content: PageContent | null, expected: ExpectedArticle): PageFault | null {
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

/** More links than text: a front page, a search or a section. */
function isList({ blocks }: PageContent): boolean {
  const all = blocks.reduce((sum, { text }) => sum + text.length, 0);
  const linked = blocks.reduce((sum, block) => sum + block.linked, 0);
  return linked > all * 0.5;
}

function toPath(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname.replace(/\/$/, '') : url;
}
