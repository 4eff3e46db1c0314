import type { AppConfig } from '../../config/config.ts';
import type { SourceDeclaration, SourceStatus } from '../../model/source.ts';
import { toAddressKey } from '../../parse/opml/feed-address.ts';
import { findStatus, foundFeedOf } from './stored-sources.ts';

/** Returns the name of a source in a sentence: its id, else its title, else its address, which a
 *  private source hides. */
export function sourceNameOf({ id, title, address, private: isPrivate }: SourceDeclaration, hidden: string): string {
  return id ?? title ?? (isPrivate ? hidden : address);
}

/** Returns a function that finds the configured source of a feed or page. It compares the
 *  address, the previous and the moved one, and the page on which a feed was found. The function
 *  returns null when no source matches. */
export function createKnown(
  config: AppConfig,
  statuses: readonly SourceStatus[],
): (source: { readonly address: string; readonly homePage: string | null }) => SourceDeclaration | null {
  const feeds = new Map<string, SourceDeclaration>();
  const pages = new Map<string, SourceDeclaration>();
  const put = (known: Map<string, SourceDeclaration>, address: string, declaration: SourceDeclaration) => {
    const key = toAddressKey(address);
    if (!known.has(key)) known.set(key, declaration);
  };
  for (const declaration of config.sources) {
    if (declaration.kind !== 'feed' && declaration.kind !== 'page') continue;
    const status = findStatus(statuses, declaration);
    put(declaration.kind === 'page' ? pages : feeds, declaration.address, declaration);
    const move = status?.poll.move;
    for (const address of [declaration.previous, move?.isAdopted === true ? move.to : null, foundFeedOf(status)])
      if (address !== null) put(feeds, address, declaration);
  }
  return ({ address, homePage }) => {
    const key = toAddressKey(address);
    return feeds.get(key) ?? pages.get(key) ?? (homePage === null ? null : (pages.get(toAddressKey(homePage)) ?? null));
  };
}
