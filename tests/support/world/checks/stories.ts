import type { StoredEntry } from '../../../../src/model/entry.ts';
import type { Story } from '../../../../src/model/story.ts';
import type { StoryReads } from '../../../../src/ports/store/stories.ts';
import { readMark } from '../document.ts';
import { pairOf } from '../owner.ts';
import type { Truth } from '../truth.ts';
import { articlesIn } from '../words.ts';
import { machineTime, originOf } from '../world.ts';
import type { World } from '../world.ts';

/** The parts of a story that never change, or only grow, as last seen. */
interface Known {
  readonly published: number | null;
  readonly datedAt: number;
  readonly updated: number;
  readonly leadNo: number;
  readonly revisions: number;
}

/** A story as last seen. `isHeld`: every feed held it back, so no reader knew it. `isAway`: it was
 *  withdrawn since. */
interface Seen extends Known {
  readonly isHeld: boolean;
  readonly isAway: boolean;
}

/** A further check of the same stories. */
interface OtherCheck {
  readonly check: (stories: readonly Story[]) => readonly string[];
}

/** Checks the stored stories against the truth after each run. `check` returns what does not hold,
 *  in words. `doubts` counts the articles that are published more than once because nobody could
 *  tell that they are one. */
export function createStoryCheck(world: World, truth: Truth) {
  const known = new Map<string, Seen>();
  const ids = new Map<number, string>();
  let doubts = 0;
  return {
    doubts: () => doubts,
    check(stories: readonly Story[], others: readonly OtherCheck[] = []): string[] {
      const found: string[] = [];
      const homes = new Map<number, Set<string>>();
      for (const story of stories) {
        const articles = articlesOf(story);
        for (const article of articles) homes.set(article, (homes.get(article) ?? new Set()).add(story.id));
        const isDoubtful = articles.some((article) => world.doubtful.has(article));
        const origins = new Set(articles.map((article) => originOf(world, article)));
        if (origins.size > 1 && !articles.some((article) => truth.lookalikes.has(article)))
          found.push(`story ${story.id} holds articles ${articles.join(', ')}, which are no copies`);
        const last = known.get(story.id);
        // By a clock that was set, a story that was removed may be forgotten sooner.
        const isForgotten = last?.isAway === true && world.clock.isEverSet;
        const before = world.owner.changed.has(story.id) || last?.isHeld || isForgotten ? undefined : last;
        found.push(
          ...compare(before, story, { isDoubtful, isRevised: articles.some((one) => world.revised.has(one) || world.halves.has(one)) }),
        );
        const isEarly = articles.some((article) => world.early.has(article));
        if (!isDoubtful && !isEarly) found.push(...findUntold(before, story, truth, { isClockRight: !world.clock.isEverSet }));
        known.set(story.id, { ...toKnown(story), isHeld: isHeld(world, story), isAway: false });
      }
      found.push(...findDivided(homes, ids, world));
      for (const [article, [id = '']] of homes) if (!ids.has(article) || world.owner.changed.has(id)) ids.set(article, id);
      found.push(...findLost(homes, truth, world));
      for (const other of others) found.push(...other.check(stories));
      doubts = [...homes.values()].filter(({ size }) => size > 1).length;
      const present = new Set(stories.map(({ id }) => id));
      for (const [id, seen] of known) if (!present.has(id)) known.set(id, { ...seen, isAway: true });
      // A story that is withdrawn now may differ when it is back.
      for (const { id } of stories) world.owner.changed.delete(id);
      world.revised.clear();
      truth.news.clear();
      return found;
    },
  };
}

/** Reports whether every feed holds a story back: nobody has seen it, so nothing of it is final. */
function isHeld(world: World, { firstSeenAt }: Story): boolean {
  const delay = Math.min(...world.feeds.map(({ holdBackMs }) => holdBackMs));
  return delay > 0 && (world.clock.isEverSet || machineTime(world).getTime() - firstSeenAt.getTime() < delay);
}

function toKnown({ published, datedAt, updated, lead, revisions }: Story): Known {
  const dates = { published: published?.getTime() ?? null, datedAt: datedAt.getTime(), updated: updated.getTime() };
  return { ...dates, leadNo: lead.entry.no, revisions: revisions.length };
}

function compare(
  before: Seen | undefined,
  story: Story,
  { isDoubtful, isRevised }: { readonly isDoubtful: boolean; readonly isRevised: boolean },
): string[] {
  if (!before) return [];
  const now = toKnown(story);
  const found: string[] = [];
  if (before.published !== now.published)
    found.push(`story ${story.id} has another date: ${show(before.published)} → ${show(now.published)}`);
  if (before.datedAt !== now.datedAt) found.push(`story ${story.id} has another place: ${show(before.datedAt)} → ${show(now.datedAt)}`);
  if (now.updated < before.updated) found.push(`story ${story.id}: updated went back: ${show(before.updated)} → ${show(now.updated)}`);
  const former = story.members.find(({ entry }) => entry.no === before.leadNo);
  const { sourceId } = story.lead.entry;
  // A source may give its article another id.
  if (former && !before.isAway && former.entry.sourceId !== sourceId)
    found.push(`story ${story.id} is led by ${sourceId}, although its entry of ${former.entry.sourceId} stands`);
  // Another lead has other words.
  if (now.updated > before.updated && now.leadNo === before.leadNo && !isRevised && !isDoubtful)
    found.push(`story ${story.id}: updated moved without a change: ${show(before.updated)} → ${show(now.updated)}`);
  if (now.leadNo === before.leadNo && now.revisions < before.revisions)
    found.push(`story ${story.id} has lost revisions: ${before.revisions} → ${now.revisions}`);
  return found;
}

/** Finds a change of the lead of which readers were not told. */
function findUntold(
  before: Known | undefined,
  story: Story,
  { news }: Truth,
  { isClockRight }: { readonly isClockRight: boolean },
): string[] {
  const { lead, updated, revisions } = story;
  const isNews = news.has(`${lead.entry.sourceId} ${readMark(lead.entry.revision.categories)}`);
  if (!before || before.leadNo !== lead.entry.no || !isNews) return [];
  // By a clock that was set back, a version may stand before its like, which is shown once.
  if (updated.getTime() > before.updated && (revisions.length > before.revisions || !isClockRight)) return [];
  return [
    `story ${story.id}: a change is not told: updated ${show(updated.getTime())}, ${before.revisions} → ${revisions.length} revisions`,
  ];
}

/** Finds articles that are published more than once, or under another id than before. */
function findDivided(homes: ReadonlyMap<number, ReadonlySet<string>>, ids: ReadonlyMap<number, string>, world: World): string[] {
  return [...homes].flatMap(([article, stories]) => {
    // Two entries of one article may have been split.
    if (world.doubtful.has(article) || world.owner.apart.has(pairOf(article, article))) return [];
    if (stories.size > 1) return [`article ${article} is published ${stories.size} times: ${[...stories].join(', ')}`];
    const [id = ''] = stories;
    const before = ids.get(article) ?? id;
    // A later entry may prove that two stories are one: the older one stays.
    const hasJoined = [...homes].some(
      ([other, places]) => other !== article && places.has(id) && originOf(world, other) === originOf(world, article),
    );
    return before === id || hasJoined || [before, id].some((one) => world.owner.changed.has(one))
      ? []
      : [`article ${article} has another id: ${before} → ${id}`];
  });
}

/** Finds articles of which the program was told and that are nowhere. A copy stands for its
 *  original. */
function findLost(homes: ReadonlyMap<number, unknown>, { owed, lookalikes }: Truth, world: World): string[] {
  const origins = new Set([...homes.keys()].map((article) => originOf(world, article)));
  return [...owed].flatMap((article) =>
    lookalikes.has(article) || origins.has(originOf(world, article)) ? [] : [`article ${article} is published nowhere`],
  );
}

/** Returns all stories that are published. */
export function readAll(store: StoryReads): Promise<readonly Story[]> {
  return store.readStories({ order: 'published', offset: 0, limit: 2000 });
}

/** Returns the articles of a story's entries: by their categories, else by their words. */
export function articlesOf({ members }: { readonly members: readonly { readonly entry: StoredEntry }[] }): readonly number[] {
  const numbers = members.flatMap(({ entry: { revision } }) => {
    const marked = readMark(revision.categories);
    if (marked !== null) return [marked];
    const named = articlesIn(revision.title);
    return named.length > 0 ? named : articlesIn(revision.text);
  });
  return [...new Set(numbers)];
}

function show(time: number | null): string {
  return time === null ? 'none' : new Date(time).toISOString();
}
