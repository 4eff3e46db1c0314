import type { Problem } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';

/** Returns one problem that names the relative links and pictures of a local article without an
 *  address of its own. They lead nowhere, because there is no base address. Returns an empty list
 *  when there are none. */
export function toRelativeProblems({ html, url }: Pick<ParsedItem, 'html' | 'url'>): Problem[] {
  if (html === null || /^https?:/i.test(url ?? '')) return [];
  const links = new Set<string>();
  for (const [tag] of html.matchAll(/<(?:a|img|audio|video|source)\s[^<>]*>/gi)) {
    const [, double, single] = /\s(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
    const link = (double ?? single ?? '').trim();
    if (link !== '' && !link.startsWith('#') && !/^[a-z][a-z0-9+.-]*:/i.test(link)) links.add(link.slice(0, 100));
  }
  if (links.size === 0) return [];
  const named = [...links].slice(0, MAX_NAMED).join(', ');
  const message = `relative links and pictures are left out, because the article has no address (${named}${links.size > MAX_NAMED ? ' …' : ''}): add \`url:\` (in .html a canonical link), or write absolute addresses`;
  return [{ code: 'article/relative', message }];
}

/** Number of links that a problem names: enough to find the others. */
const MAX_NAMED = 3;
