import { all, parseStrictly, textAt } from './strict-xml.ts';
import type { Element } from './strict-xml.ts';

/** What a client of RFC 5005 knows of a feed: the newest that it was told of each id. */
export interface Known {
  /** Text of the newest entry by id; what has a newer tombstone is left out. */
  readonly entries: ReadonlyMap<string, string>;
  /** Addresses in the order in which it asked for them: the present document first, then archives,
   *  newest first. */
  readonly asked: readonly string[];
  /** How often each id came in an archive with one `updated`. */
  readonly repeated: readonly string[];
}

/** Walks from the subscription document along prev-archive to the first archive and keeps the
 *  newest of each id; entries and tombstones alike (RFC 5005 §4.3, RFC 6721 §3). `read` answers an
 *  address with the text of a document. */
export async function walkArchives(start: string, read: (url: string) => Promise<string>): Promise<Known> {
  const newest = new Map<string, { readonly at: number; readonly text: string | null }>();
  const versions = new Map<string, number>();
  const asked: string[] = [];
  for (let url: string | undefined = start; url !== undefined;) {
    asked.push(url);
    const feed = parseStrictly(await read(url));
    for (const [id, at, text] of toldBy(feed)) {
      const known = newest.get(id);
      if (!known || at > known.at) newest.set(id, { at, text });
      if (url !== start && text !== null) versions.set(`${id} ${at}`, (versions.get(`${id} ${at}`) ?? 0) + 1);
    }
    const next = linkOf(feed, 'prev-archive');
    if (next !== undefined && asked.includes(next)) throw new Error(`the chain leads back to ${next}`);
    url = next;
  }
  const entries = [...newest].flatMap(([id, { text }]): [string, string][] => (text === null ? [] : [[id, text]]));
  const repeated = [...versions].filter(([, count]) => count > 1).map(([version]) => version);
  return { entries: new Map(entries), asked, repeated };
}

/** The address of a link of a feed by its relation. */
export function linkOf(feed: Element, rel: string): string | undefined {
  return all(feed, 'link').find((link) => link.attributes['rel'] === rel)?.attributes['href'];
}

/** What a document tells: ids with the instant of the version, and its text; null for a
 *  tombstone. */
export function toldBy(feed: Element): [id: string, at: number, text: string | null][] {
  return [
    ...all(feed, 'entry').map((entry): [string, number, string] => [
      textAt(entry, 'id') ?? '',
      Date.parse(textAt(entry, 'updated') ?? ''),
      `${textAt(entry, 'title')} ${textAt(entry, 'content')}`,
    ]),
    ...all(feed, 'at:deleted-entry').map(({ attributes }): [string, number, null] => [
      attributes['ref'] ?? '',
      Date.parse(attributes['when'] ?? ''),
      null,
    ]),
  ];
}
