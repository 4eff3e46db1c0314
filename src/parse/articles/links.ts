import type { Problem } from '../../model/errors.ts';
import type { ParsedItem } from '../../model/parsed.ts';

/** One problem that names the links and pictures of a local article which lead nowhere: relative
 *  ones, where the article has no address that they could be resolved against. None when there are
 *  none. */
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
  const message = `links and pictures lead nowhere and are left out (${named}${links.size > MAX_NAMED ? ' …' : ''}): give the article an address by \`url:\` (in .html a canonical link), or write absolute addresses`;
  return [{ code: 'article/relative', message }];
}

/** Enough to find the others by. */
const MAX_NAMED = 3;
