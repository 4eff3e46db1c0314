import { renderFeed, renderStoredArchive } from '../../../../src/feeds/render-documents.ts';
import type { Feed } from '../../../../src/model/feed.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import { walkArchives } from '../../archive-client.ts';
import { toRenderContext } from '../node.ts';
import { articlesIn, toWords } from '../words.ts';
import type { World } from '../world.ts';
import { findLeaks } from './secrets.ts';
import { readAll } from './stories.ts';
import type { Piece } from './reading/atom.ts';
import { isContinued, isSilentByRule } from './reading/memory.ts';
import type { IsSilent } from './reading/memory.ts';
import { createSubscriber } from './subscriber.ts';
import type { Rendering, Subscriber } from './subscriber.ts';

/** Checks what is published: each feed has a subscriber who visits after every run. `isFull`: all
 *  archives are read, every stored story must stand in the feed of everything, and a stranger looks
 *  for secrets. */
export function createPublicationCheck(world: World) {
  const subscribers = new Map<string, Subscriber>();
  const isSilent: IsSilent = (before, after) =>
    isSilentByRule(before, after) ||
    isContinued(before, after) ||
    // A title that most entries get at once is a template.
    (isUntitled(before) !== isUntitled(after) && isSilentByRule({ ...before, title: '' }, { ...after, title: '' })) ||
    articlesIn(`${before.title} ${after.title}`).some((article) => world.early.has(article));
  // Former members are cut out of archives, and a wrong clock dates tombstones wrongly.
  const excuses = {
    mayCut: () => world.owner.hiddenStories.size + world.owner.hiddenEntries.size > 0,
    mayMiss: () => world.clock.isEverSet,
  };
  const mayRepeat = ({ title, html }: Pick<Piece, 'title' | 'html'>) =>
    [...world.owner.apart].some((pair) => new Set(pair.split(' ')).size === 1) ||
    articlesIn(`${title} ${html}`).some((article) => world.doubtful.has(article));
  // Archives keep what retention has removed from the store.
  let mayArchivesKeepMore = false;
  return async (store: Store, { isFull }: { readonly isFull: boolean }): Promise<string[]> => {
    const rendering = toRenderContext(world, store);
    const found: string[] = [];
    for (const feed of world.feeds) {
      const subscriber = subscribers.get(feed.slug) ?? createSubscriber(feed.slug, { isSilent, mayRepeat, ...excuses });
      subscribers.set(feed.slug, subscriber);
      found.push(...(await subscriber.visit(rendering, { walks: isFull })));
    }
    mayArchivesKeepMore ||= world.retention.days !== null || world.retention.perSource !== null;
    if (!isFull) return found;
    const everything = world.feeds.find(isOfEverything);
    if (everything) found.push(...(await findUnlisted(rendering, everything, { mayArchivesKeepMore })));
    const words = [...world.secrets].map((article) => toWords(article, 1));
    const addresses = world.outlets.filter(({ isPrivate }) => isPrivate).map(({ id }) => `hush${id}hush`);
    if (words.length + addresses.length > 0) found.push(...(await findLeaks(rendering, [...words, ...addresses])));
    return found;
  };
}

function isUntitled({ title }: Piece): boolean {
  return title === 'Untitled';
}

/** Returns the stories that a feed of everything has neither in its document nor in its archives,
 *  and the other way round, in words. */
async function findUnlisted(
  rendering: Rendering,
  feed: Feed,
  { mayArchivesKeepMore }: { readonly mayArchivesKeepMore: boolean },
): Promise<string[]> {
  const read = async (url: string): Promise<string> => {
    const n = /\/archive\/(\d+)\.atom$/.exec(url)?.[1];
    const documents = n === undefined ? await renderFeed(rendering, feed) : [await renderStoredArchive(rendering, feed, Number(n))];
    const [found] = documents;
    if (!found) throw new Error(`there is no ${url}`);
    return new TextDecoder().decode(found.bytes);
  };
  const listed = new Set((await walkArchives('', read)).entries.keys());
  const stored = new Set((await readAll(rendering.store)).map(({ id }) => id));
  return [
    ...[...stored].filter((id) => !listed.has(id)).map((id) => `the story ${id} stands in no document and no archive`),
    ...[...listed]
      .filter((id) => !stored.has(id) && !mayArchivesKeepMore)
      .map((id) => `${id} stands in a document or archive, but there is no such story`),
  ];
}

/** Reports whether a feed shows every story at once. */
function isOfEverything({
  sources,
  tags,
  include,
  exclude,
  since,
  minSources,
  holdBackMs,
  maxPerSource,
  maxPerSourcePerDay,
}: Feed): boolean {
  const hasRules = [sources, tags, include, exclude].some((list) => list.length > 0);
  const isBounded = since !== null || minSources > 1 || holdBackMs > 0 || maxPerSource !== null || maxPerSourcePerDay !== null;
  return !hasRules && !isBounded;
}
