import { RE2JS } from 're2js';
import type { Match } from '../model/feed.ts';
import type { Member } from '../model/story.ts';

/** What is wrong with a pattern of the configuration, in words; null when it can be used. */
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

/** A test of one pattern on a member. Patterns run in time linear in the text (RE2), so that no source can hang a run. */
export function toMatcher(match: Match): (member: Member) => boolean {
  const pattern = compilePattern(match.pattern);
  return (member) => textsOf(member, match.field).some((text) => pattern.matcher(text).find());
}

/** /…/ is RE2 syntax, any other pattern a word or phrase: both in any case, the phrase at word boundaries of any script. */
function compilePattern(pattern: string): RE2JS {
  const written = /^\/(.+)\/$/s.exec(pattern);
  if (written) return RE2JS.compile(written[1] ?? '', RE2JS.CASE_INSENSITIVE);
  const phrase = RE2JS.quote(pattern.trim()).replace(/\s+/g, '\\s+');
  return RE2JS.compile(`(?:^|[^\\pL\\pN])${phrase}(?:$|[^\\pL\\pN])`, RE2JS.CASE_INSENSITIVE);
}

function textsOf({ entry }: Member, field: Match['field']): readonly string[] {
  const { revision } = entry;
  if (field === 'title') return [revision.title];
  if (field === 'text') return [revision.text];
  if (field === 'author') return revision.authors.map((author) => author.name);
  if (field === 'category') return revision.categories;
  return [(field === 'url' ? entry.url : entry.language) ?? ''];
}
