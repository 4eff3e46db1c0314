import { RE2JS } from 're2js';
import type { FeedPattern } from '../../model/feed.ts';
import type { CandidateLead } from '../../model/listing.ts';

/** Returns the fault of a configured pattern, in words; null for a usable pattern. */
export function findPatternFault(pattern: string): string | null {
  if (pattern.trim() === '') return 'it is blank and would match everything';
  try {
    compilePattern(pattern);
    return null;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

/** Returns a function that tests one pattern on a story's lead. Matching takes time linear in the
 *  text (RE2), so no source can hang a run. */
export function toMatcher(match: FeedPattern): (lead: CandidateLead) => boolean {
  const pattern = compilePattern(match.pattern);
  return (lead) => textsOf(lead, match.field).some((text) => pattern.matcher(text).find());
}

/** Compiles a pattern; case never matters. /…/ is RE2 syntax. Any other pattern is a word or phrase
 *  between word boundaries. A side in a script without spaces needs no boundary. */
function compilePattern(pattern: string): RE2JS {
  const regex = /^\/(.+)\/$/s.exec(pattern);
  if (regex) return RE2JS.compile(regex[1] ?? '', RE2JS.CASE_INSENSITIVE);
  const phrase = pattern.trim();
  const quoted = RE2JS.quote(phrase).replace(/\s+/g, '[\\s\\pZ]+');
  const before = UNSPACED_START.test(phrase) ? '' : '(?:^|[^\\pL\\pM\\pN])';
  const after = UNSPACED_END.test(phrase) ? '' : '(?:$|[^\\pL\\pM\\pN])';
  return RE2JS.compile(`${before}${quoted}${after}`, RE2JS.CASE_INSENSITIVE);
}

const UNSPACED_START =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const UNSPACED_END = new RegExp(`${UNSPACED_START.source.slice(1)}$`, 'u');

function textsOf({ url, language, words }: CandidateLead, field: FeedPattern['field']): readonly string[] {
  if (field === 'url' || field === 'language') return [(field === 'url' ? url : language) ?? ''];
  if (words === null) throw new TypeError(`a rule looks at ${field}, and the candidate came without its words`);
  if (field === 'author') return words.authors;
  if (field === 'category') return words.categories;
  return [words[field]];
}
