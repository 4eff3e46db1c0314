import type { ExpectedArticle } from '../../model/parsed.ts';
import { shareFound, toKeywords, toPlain } from './words.ts';

/** Whether a page is about an entry. Required: (1) the words of what the feed gave mostly stand in
 *  the page's text; or, where the publisher wrote a summary for the feed, a third of them do and
 *  the page has the entry's title; (2) without a summary, the page has the entry's title and its
 *  text has some of the title's words. Known exceptions, which are refused: a summary in another
 *  language, a title and a summary both rewritten since, a summary that is nothing but
 *  boilerplate. */
export function isAbout(expected: ExpectedArticle, titles: readonly string[], text: string): boolean {
  const words = toKeywords(text);
  const ofTitle = toKeywords(expected.title);
  const ofText = toKeywords(expected.text);
  const pageTitles = toKeywords(titles.join('\n'));
  const titled = isTitled(expected.title, titles) || (shareFound(ofTitle, pageTitles) ?? 0) >= 0.7;
  const titleInText = shareFound(ofTitle, words);
  // A summary that only repeats the title, or is a word or two, says nothing beyond it.
  const isMeagre = ofText.size < MIN_WORDS || (shareFound(ofText, ofTitle) ?? 0) >= 0.8;
  const textFound = shareFound(ofText, words);
  if (!isMeagre && textFound !== null) {
    if (textFound >= MOST) return true;
    return titled && textFound >= SOME;
  }
  if (titleInText !== null && titleInText >= 0.8 && ofTitle.size >= MIN_WORDS) return true;
  return titled && (titleInText ?? 0) + (textFound ?? 0) >= 0.25;
}

/** Fewer words could stand anywhere by chance. */
const MIN_WORDS = 4;
/** Summaries are the first sentences or close to them; two articles of one day on one subject share
 *  about a third of their words. */
const MOST = 0.65;
const SOME = 0.34;

/** Whether one of the page's titles is the entry's, perhaps with the site's name before or after
 *  it. */
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
