/** Words around the links of a link post: labels of aggregators, counts and the like. */
const LABELS =
  /\b(?:article|comments?|url|points?|link|submitted|by|read|more|via|source|discuss(?:ion)?|votes?|permalink|score|posted|to|on|r|u|hn|lobsters)\b/gi;
/** A body with fewer words says nothing of its own. */
const FEW_WORDS = 5;

/** Reports whether an entry mainly points to somebody else's page (Hacker News and the like). Its
 *  title is that page's, so equal titles prove nothing (docs/folding.md). A link blog with long
 *  comments is not meant: its own text can be compared. */
export function isLinkPost(entry: { text: string; urlHost: string | null; homeHost: string | null; hasComments: boolean }): boolean {
  // Nearly every text says enough in its first characters.
  const saysLittle =
    countOwnWords(entry.text.slice(0, 200)) <= FEW_WORDS &&
    countOwnWords(entry.text.slice(0, 2000)) < FEW_WORDS &&
    !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{8,}/u.test(entry.text);
  const isForeign = entry.urlHost !== null && entry.homeHost !== null && entry.urlHost !== entry.homeHost;
  const hasOnlyLinks = saysLittle && entry.text.trim() !== '';
  return saysLittle && (hasOnlyLinks ? /https?:\/\/|comments?\b|points?\b/i.test(entry.text) : isForeign || entry.hasComments);
}

/** Counts the words that are neither labels nor parts of an address. */
function countOwnWords(text: string): number {
  const own = text.replace(/https?:\/\/\S+/g, ' ').replace(LABELS, ' ');
  return own.match(/\p{L}{2,}/gu)?.length ?? 0;
}
