import type { ExpectedArticle } from '../../model/parsed.ts';
import { shareFound, toKeywords, toPlain } from './words.ts';

/** Reports whether a page is about an entry. With a summary in the feed, most of its words must be
 *  in the page's text. A third is enough if the page has the entry's title. Without a summary, the
 *  page must have the title, and its text some words of it. Known articles that are refused: a
 *  summary in another language or of boilerplate only, and a title and summary that were both
 *  rewritten later. */
export function isAbout(expected: ExpectedArticle, titles: readonly string[], text: string): boolean {
  const words = toKeywords(text);
  const ofTitle = toKeywords(expected.title);
  const ofText = toKeywords(expected.text);
  const pageTitles = toKeywords(titles.join('\n'));
  const titled = isTitled(expected.title, titles) || (shareFound(ofTitle, pageTitles) ?? 0) >= 0.7;
  const titleInText = shareFound(ofTitle, words);
  // A summary that repeats the title, or has only a few words, adds nothing to it.
  const isShort = ofText.size < MIN_WORDS || (shareFound(ofText, ofTitle) ?? 0) >= 0.8;
  const textFound = shareFound(ofText, words);
  if (!isShort && textFound !== null) {
    if (textFound >= MOST) return true;
    return titled && textFound >= SOME;
  }
  if (titleInText !== null && titleInText >= 0.8 && ofTitle.size >= MIN_WORDS) return true;
  return titled && (titleInText ?? 0) + (textFound ?? 0) >= 0.25;
}

/** Fewer words could be on any page by chance. */
const MIN_WORDS = 4;
/** Shares of a summary's words that are in the page. A summary is usually the first sentences of
 *  its article. Two articles of one day on one subject share about a third of their words. */
const MOST = 0.65;
const SOME = 0.34;

/** Reports whether a title of the page is the entry's, perhaps with the site's name before or
 *  behind it. */
function isTitled(title: string, titles: readonly string[]): boolean {
  const wanted = toLetters(title);
  return (
    wanted.length >= 4 &&
    titles.some((candidate) => toLetters(candidate) === wanted || (wanted.length >= 12 && toLetters(candidate).includes(wanted)))
  );
}

function toLetters(text: string): string {
  return toPlain(text).replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
