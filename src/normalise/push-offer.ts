import type { ParsedFeed } from '../model/parsed.ts';
import type { HubOffer } from '../model/source.ts';

/** Hubs that are kept of one feed; nobody needs a sixth. */
const MAX_HUBS = 5;
/** Longer addresses do not come back whole: a hub puts the topic into the address of its
 *  question. */
const MAX_LENGTH = 1000;

/** Where a feed says that it is pushed (WebSub §4): its Link fields come first, then the document
 *  (null when none was read), for hub and topic each. Links of fields are relative to `url`, which
 *  answered; the topic is the self link if that is a web address, else `asked`. null when no hub is
 *  named. */
export function readOffer(
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
  const isPlain = (hub: string) => (hub.startsWith('https:') ? 0 : 1);
  return { hubs: hubs.toSorted((a, b) => isPlain(a) - isPlain(b)).slice(0, MAX_HUBS), topic };
}

/** Web addresses without a fragment, each once; one with a name or a password in it is nobody's to
 *  hand on. */
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
  /** In lower case. */
  readonly relations: readonly string[];
}

/** Link fields, several joined by commas (RFC 8288 §3): of those that are about another document
 *  (`anchor`) nothing is taken. What cannot be read ends the list. */
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
