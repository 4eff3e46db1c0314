import type { Site } from '../../../model/feed.ts';
import { ACCENT } from './accent.ts';

/** Returns the site's icon: a folded sheet in its accent colour. */
export function toIcon({ accent }: Pick<Site, 'accent'>): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="${accent ?? ACCENT}"/><path d="M8 6h11l5 5v15H8z" fill="#fff"/><path d="M19 6v5h5z" fill="#000" fill-opacity=".35"/><path d="M11 15h10M11 18.5h10M11 22h6" stroke="#000" stroke-opacity=".55" stroke-width="1.6"/></svg>`;
}
