import type { Level } from '../../../../src/fold/judge/judge.ts';
import type { Feed } from '../../../../src/model/feed.ts';
import { purgeSource } from '../../../../src/run/corrections/corrections.ts';
import type { RetentionSettings } from '../../../../src/run/run-context.ts';
import { toFeed } from '../../story.ts';
import type { Life } from '../life.ts';
import { DAY, HOUR, pick } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';
import { correct } from './owner.ts';

const levels: readonly Level[] = ['off', 'keys', 'careful', 'normal'];
const limits: readonly RetentionSettings[] = [
  { days: null, perSource: null },
  { days: 5, perSource: null },
  { days: null, perSource: 3 },
  { days: 20, perSource: 6 },
];

/** Rules of feeds, one change each. */
const rules: readonly ((b: number) => Partial<Feed>)[] = [
  (b) => ({ limit: 1 + (b % 12) }),
  (b) => ({ sources: b % 2 === 0 ? [] : [`s${b % 3}`] }),
  (b) => ({ minSources: 1 + (b % 2) }),
  (b) => ({ holdBackMs: (b % 3) * 5 * HOUR }),
  (b) => ({ maxPerSource: b % 2 === 0 ? null : 1 + (b % 4) }),
  (b) => ({ maxPerSourcePerDay: b % 2 === 0 ? null : 1 + (b % 3) }),
  (b) => ({ order: b % 2 === 0 ? 'published' : 'updated' }),
  // A new title may take a story out of the feed, or bring it back.
  (b) => ({ exclude: b % 4 === 0 ? [] : [{ field: 'title', pattern: `/[${'abcdefg'.slice(0, 1 + (b % 7))}]$/` }] }),
  // The text of "fullest" changes when a copy joins, which is no news (docs/design.md §81).
  (b) => ({ content: at(['lead', 'summary'] as const, b) }),
];

/** Changes of the configuration between two runs. */
export const configuration: Moves = {
  leave: ({ world }, a) => (pick(world, a).isDeclared = false),
  return: ({ world }, a) => (pick(world, a).isDeclared = true),
  stayAway: async (life, a, b) => {
    const outlet = pick(life.world, a);
    outlet.isDeclared = false;
    for (let weeks = 0; weeks <= 3 + (b % 3); weeks++) await life.run(7 * DAY + HOUR);
    outlet.isDeclared = true;
  },
  purge: async (life, a) => {
    const { id } = pick(life.world, a);
    pick(life.world, a).isDeclared = false;
    await correct(life, (context) => purgeSource(context, id));
    for (const article of life.truth.shown.get(id)?.keys() ?? []) {
      life.truth.owed.delete(article);
      life.world.owner.purged.add(article);
    }
  },
  foldOff: ({ world }, a) => (pick(world, a).folds = !pick(world, a).folds),
  rank: ({ world }, a, b) => (pick(world, a).priority = b),
  level: ({ world }, a) => (world.level = at(levels, a)),
  retain: ({ world }, a) => (world.retention = at(limits, a)),
  openFeed: ({ world }, a, b) =>
    world.feeds.push(toFeed({ slug: `f${world.next++}`, isDefault: false, title: 'One more', ...at(rules, a)(b) })),
  closeFeed: ({ world }, a) => world.feeds.splice(1 + (a % Math.max(1, world.feeds.length)), 1),
  ruleFeed: ({ world }, a, b) => rule(world, a, b),
};

function rule({ feeds }: Life['world'], a: number, b: number): void {
  const index = a % feeds.length;
  const feed = feeds[index];
  if (feed) feeds[index] = { ...feed, ...at(rules, Math.floor(a / feeds.length))(b) };
}
