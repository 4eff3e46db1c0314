import type { StoredEntry } from '../../../../src/model/entry.ts';
import type { Story } from '../../../../src/model/story.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import type { Truth } from '../truth.ts';
import { articlesIn } from '../words.ts';
import { originOf } from '../world.ts';
import type { World } from '../world.ts';

/** The parts of a story that never change, as last seen. */
interface Known {
  readonly published: number | null;
  readonly datedAt: number;
  readonly updated: number;
}

/** A further check of the same stories. */
interface OtherCheck {
  readonly check: (stories: readonly Story[]) => readonly string[];
}

/** Checks the stored stories against the truth after each run. `check` returns what does not hold,
 *  in words. */
export function createStoryCheck(world: World, truth: Truth) {
  const known = new Map<string, Known>();
  return {
    async check(store: Store, others: readonly OtherCheck[] = []): Promise<string[]> {
      const stories = await store.readStories({ order: 'published', offset: 0, limit: 2000 });
      const found: string[] = [];
      const homes = new Map<number, Set<string>>();
      for (const story of stories) {
        const articles = articlesOf(story);
        const origins = new Set(articles.map((article) => originOf(world, article)));
        if (origins.size > 1) found.push(`story ${story.id} holds articles ${articles.join(', ')}, which are no copies`);
        for (const article of articles) homes.set(article, (homes.get(article) ?? new Set()).add(story.id));
        const before = world.owner.changed.delete(story.id) ? undefined : known.get(story.id);
        found.push(...compare(before, story, articles, world));
        known.set(story.id, toKnown(story));
      }
      for (const [article, ids] of homes)
        if (ids.size > 1 && !world.doubtful.has(article))
          found.push(`article ${article} is published ${ids.size} times: ${[...ids].join(', ')}`);
      for (const article of truth.owed) if (!homes.has(article)) found.push(`article ${article} is published nowhere`);
      for (const other of others) found.push(...other.check(stories));
      world.revised.clear();
      return found;
    },
  };
}

function toKnown({ published, datedAt, updated }: Story): Known {
  return { published: published?.getTime() ?? null, datedAt: datedAt.getTime(), updated: updated.getTime() };
}

function compare(before: Known | undefined, story: Story, articles: readonly number[], world: World): string[] {
  if (!before) return [];
  const now = toKnown(story);
  const found: string[] = [];
  if (before.published !== now.published)
    found.push(`story ${story.id} has another date: ${show(before.published)} → ${show(now.published)}`);
  if (before.datedAt !== now.datedAt) found.push(`story ${story.id} has another place: ${show(before.datedAt)} → ${show(now.datedAt)}`);
  if (now.updated < before.updated) found.push(`story ${story.id}: updated went back: ${show(before.updated)} → ${show(now.updated)}`);
  if (now.updated > before.updated && !articles.some((article) => world.revised.has(article)))
    found.push(`story ${story.id}: updated moved without a change: ${show(before.updated)} → ${show(now.updated)}`);
  return found;
}

/** Returns the articles of a story's entries: by their titles, else by their texts. */
export function articlesOf({ members }: { readonly members: readonly { readonly entry: StoredEntry }[] }): readonly number[] {
  const numbers = members.flatMap(({ entry: { revision } }) => {
    const named = articlesIn(revision.title);
    return named.length > 0 ? named : articlesIn(revision.text);
  });
  return [...new Set(numbers)];
}

function show(time: number | null): string {
  return time === null ? 'none' : new Date(time).toISOString();
}
