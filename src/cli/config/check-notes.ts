import type { AppConfig } from '../../config/config.ts';
import type { SourceDeclaration } from '../../model/source.ts';
import { toAddressKey } from '../../parse/opml/feed-address.ts';
import { exists } from '../output/files.ts';
import { sourceNameOf } from '../sources/known-sources.ts';
import { readStatuses } from '../sources/stored-sources.ts';

/** Returns a sentence for each probable mistake in a valid configuration. Private addresses are
 *  not named. */
export async function findOddities(config: AppConfig): Promise<string[]> {
  return [
    ...(await findMissing(config)),
    ...findTwins(config),
    ...findUnknownTags(config),
    ...(await findUnknownIds(config)),
    ...findLocked(config),
  ];
}

async function findMissing({ sources }: AppConfig): Promise<string[]> {
  const isPlain = ({ kind, address }: SourceDeclaration) => kind === 'articles' || (kind === 'file' && !/[*?[\]{}]/.test(address));
  const local = sources.filter(isPlain);
  const areThere = await Promise.all(local.map(({ address }) => exists(address)));
  return local
    .filter((_, index) => areThere[index] === false)
    .map(({ kind, address }) => `the ${kind === 'articles' ? 'folder' : 'file'} ${address} does not exist: create it, or correct the path`);
}

/** Finds sources with one address in two spellings. Other credentials may make another feed of
 *  it. */
function findTwins({ sources }: AppConfig): string[] {
  const name = (source: SourceDeclaration) => sourceNameOf(source, 'a private source');
  const first = new Map<string, SourceDeclaration>();
  return sources.flatMap((source) => {
    if (source.kind !== 'feed' && source.kind !== 'page') return [];
    const key = JSON.stringify([toAddressKey(source.address), source.request.headers, source.request.auth]);
    const twin = first.get(key);
    if (twin === undefined) first.set(key, source);
    return twin === undefined ? [] : [`${name(source)} and ${name(twin)} have the same address in two spellings: list it once`];
  });
}

function findUnknownTags({ sources, feeds }: AppConfig): string[] {
  const tags = new Set(sources.flatMap((source) => source.tags));
  return feeds.flatMap((feed) =>
    feed.tags.filter((tag) => !tags.has(tag)).map((tag) => `the feed ${feed.slug} selects the tag ${tag}, which no source has`),
  );
}

/** The store knows the ids of sources that have none in the configuration, and sources that were
 *  removed but still have stories. */
async function findUnknownIds(config: AppConfig): Promise<string[]> {
  const declared = new Set(config.sources.flatMap(({ id }) => id ?? []));
  const asked = config.feeds.flatMap(({ slug, sources }) => sources.filter((id) => !declared.has(id)).map((id) => ({ slug, id })));
  if (asked.length === 0) return [];
  const stored = new Set((await readStatuses(config)).map(({ source }) => source.id));
  return asked
    .filter(({ id }) => !stored.has(id))
    .map(({ slug, id }) => `the feed ${slug} selects the source ${id}, which no source has as its id: newsfold sources lists them`);
}

function findLocked({ feeds }: AppConfig): string[] {
  const locked = feeds.filter((feed) => feed.private && feed.token === null);
  return locked.map(({ slug }) => `the private feed ${slug} has no token: nobody can read it`);
}
