import { all, parseStrictly, textAt } from './strict-xml.ts';
import type { Element } from './strict-xml.ts';

/** State of a feed client that follows RFC 5005: the newest version of each id. */
export interface Known {
  /** Text of the newest entry by id, without entries that a newer tombstone deletes. */
  readonly entries: ReadonlyMap<string, string>;
  /** Addresses in the order of the requests: the subscription document, then archives, newest
   *  first. */
  readonly asked: readonly string[];
  /** Versions (id and `updated`) that occur more than once in archives. */
  readonly repeated: readonly string[];
}

/** Reads the subscription document and follows prev-archive to the first archive. Keeps the newest
 *  entry or tombstone of each id (RFC 5005 §4.3, RFC 6721 §3). `read` returns the text of the
 *  document at an address. */
export async function walkArchives(start: string, read: (url: string) => Promise<string>): Promise<Known> {
  const newest = new Map<string, { readonly at: number; readonly text: string | null }>();
  const versions = new Map<string, number>();
  const asked: string[] = [];
  for (let url: string | undefined = start; url !== undefined;) {
    asked.push(url);
    const feed = parseStrictly(await read(url));
    for (const [id, at, text] of versionsIn(feed)) {
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

/** Returns the address of a feed's link with this relation. */
export function linkOf(feed: Element, rel: string): string | undefined {
  return all(feed, 'link').find((link) => link.attributes['rel'] === rel)?.attributes['href'];
}

/** Returns the entries of a document as id, instant of the version and text; the text of a
 *  tombstone is null. */
export function versionsIn(feed: Element): [id: string, at: number, text: string | null][] {
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
