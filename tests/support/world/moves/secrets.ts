import { toFeed } from '../../story.ts';
import { openOutlet } from '../world.ts';
import type { OutletFormat, World } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

const formats: readonly OutletFormat[] = ['rss', 'atom', 'json', 'rdf'];

/** Sources and feeds that are not for everybody. */
export const secrets: Moves = {
  openPrivate: ({ world }, a) => openOutlet(world, at(formats, a), { isPrivate: true }),
  /** Opens a source that only a private feed takes from. */
  openInner: ({ world }, a) => {
    const known = [...world.outlets, ...world.folders].map(({ id }) => id);
    openOutlet(world, at(formats, a), { isPrivate: a % 2 === 0 });
    closeFeeds(world, known);
  },
};

/** Leaves to public feeds only what they have taken before, and shows everything in a private
 *  one. */
function closeFeeds(world: World, known: readonly string[]): void {
  const inner = toFeed({ slug: 'inner', title: 'Inner', isDefault: false, private: true, token: 'token', limit: 10 });
  const others = world.feeds.filter(({ slug }) => slug !== 'inner');
  world.feeds = [...others.map((feed) => (feed.private || feed.sources.length > 0 ? feed : { ...feed, sources: [...known] })), inner];
}
