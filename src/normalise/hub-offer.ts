import type { ParsedFeed } from '../model/parsed.ts';
import type { HubOffer } from '../model/source.ts';

/** Most hubs that are kept for one feed; nobody needs a sixth. */
const MAX_HUBS = 5;
/** Most characters of an address. A hub puts the topic into the address of its verification
 *  request, where longer ones are cut. */
const MAX_LENGTH = 1000;

/** Returns the WebSub hubs and the topic of a feed (WebSub §4); null when no hub is named. Link
 *  header fields come before the document (null when none was read), for hub and topic separately.
 *  Links in fields are relative to `url`, the address that answered. The topic is the self link if
 *  that is a web address, else `asked`. */
export function readHubOffer(
  link: string | null,
  feed: Pick<ParsedFeed, 'hubUrls' | 'selfUrl'> | null,
  { asked, url }: { readonly asked: string; readonly url: string },
): HubOffer | null {
  const fields = readLinkFields(link);
  const ofRelation = (relation: string) => fields.filter(({ relations }) => relations.includes(relation)).map(({ target }) => target);
  const [inFields, inDocument] = [toAddresses(ofRelation('hub'), url), toAddresses(feed?.hubUrls ?? [], url)];
  const hubs = inFields.length > 0 ? inFields : inDocument;
  const [topic] = [
    ...toAddresses(ofRelation('self'), url),
    ...toAddresses(feed?.selfUrl ? [feed.selfUrl] : [], url),
    ...toAddresses([asked], url),
  ];
  if (hubs.length === 0 || topic === undefined) return null;
  const isUnencrypted = (hub: string) => (hub.startsWith('https:') ? 0 : 1);
  return { hubs: hubs.toSorted((a, b) => isUnencrypted(a) - isUnencrypted(b)).slice(0, MAX_HUBS), topic };
}

/** Returns web addresses without fragment, each once. Addresses with a user name or password are
 *  left out, since they must not be passed on. */
function toAddresses(links: readonly string[], base: string): string[] {
  const urls = links.slice(0, 100).flatMap((link) => URL.parse(link, base) ?? []);
  const isUsable = (url: URL) =>
    /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' && url.href.length <= MAX_LENGTH;
  return [
    ...new Set(
      urls.filter(isUsable).map((url) => {
        url.hash = '';
        return url.href;
      }),
    ),
  ];
}

interface LinkField {
  readonly target: string;
  /** Relation types in lower case. */
  readonly relations: readonly string[];
}

/** Returns Link fields, several joined by commas (RFC 8288 §3). Fields about another document
 *  (`anchor`) are left out. Reading stops at the first unreadable field. */
function readLinkFields(link: string | null): LinkField[] {
  const text = (link ?? '').slice(0, 20_000);
  const fields: LinkField[] = [];
  const start = /[\s,]*<([^<>]*)>/y;
  const parameter = /\s*;\s*([^\s=;,"<>]*)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/y;
  for (let from = 0; ;) {
    start.lastIndex = from;
    const found = start.exec(text);
    if (!found) return fields;
    from = start.lastIndex;
    const parameters = new Map<string, string>();
    for (parameter.lastIndex = from; ;) {
      const next = parameter.exec(text);
      if (!next) break;
      from = parameter.lastIndex;
      const name = (next[1] ?? '').toLowerCase();
      // RFC 8288 §3.3: only the first rel counts.
      if (!parameters.has(name)) parameters.set(name, (next[2] ?? next[3] ?? '').replace(/\\(.)/g, '$1'));
    }
    const relations = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/);
    if (!parameters.has('anchor')) fields.push({ target: (found[1] ?? '').trim(), relations });
  }
}
