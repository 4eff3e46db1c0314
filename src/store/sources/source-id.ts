import { domainToUnicode } from 'node:url';
import type { SourceDeclaration } from '../../model/source.ts';
import { canSpell, toSlug } from '../../model/values/slug.ts';
import { nameKey } from '../sql/names.ts';

/** Most characters of a slug; an id has at most 63, which leaves room for a number. */
const MOST = 56;

/** Slugs that YAML reads as a number, a boolean or null, so that naming such a source in a feed
 *  would be an error. */
const NO_TEXT = /^(?:\d+(?:e\d+)?|0x[0-9a-f]+|0o[0-7]+|true|false|null)$/;

/** Returns the id of a source that its owner has given none. It is the slug of the title, else
 *  of host and path, or of file and folder; `-2` and so on when taken. When none of them gives a
 *  slug, it is a key of the address, the same in every store. Ids are shown on pages and in
 *  documents: that of a private source contains nothing of its address. */
export function mintSourceId({ kind, title, address, private: isPrivate }: SourceDeclaration, isTaken: (id: string) => boolean): string {
  const named = title !== null && canSpell(title) ? toName(title) : null;
  if (named === null && isPrivate) return findFree((n) => `private-${n}`, isTaken);
  const location = kind === 'feed' || kind === 'page' ? toReadableAddress(address) : toFileName(address);
  const name = named ?? toName(location) ?? `source-${nameKey(address).slice(0, 6)}`;
  return findFree((n) => (n === 1 ? name : `${name}-${n}`), isTaken);
}

function toName(text: string): string | null {
  const slug = toSlug(text, MOST);
  return slug === null || NO_TEXT.test(slug) ? null : slug;
}

/** Returns host and path in readable form: Punycode and percent-encoded letters are decoded
 *  where possible. */
function toReadableAddress(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  const { hostname, port, pathname } = url;
  const host = domainToUnicode(hostname);
  const path = pathname.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString());
  return `${(canSpell(host) ? host : hostname).replace(/^www\./, '')} ${port} ${path}`;
}

function toFileName(path: string): string {
  const file = path.split('/').slice(-2).join('-');
  return file.replace(/\.[a-z]+$/i, '');
}

function findFree(nameOf: (n: number) => string, isTaken: (id: string) => boolean): string {
  for (let n = 1; ; n++) if (!isTaken(nameOf(n))) return nameOf(n);
}
