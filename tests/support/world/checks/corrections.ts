import type { StoredEntry } from '../../../../src/model/entry.ts';
import type { Story } from '../../../../src/model/story.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import { pairsOf } from '../owner.ts';
import type { Truth } from '../truth.ts';
import type { World } from '../world.ts';
import { articlesOf, readAll } from './stories.ts';
import type { End } from './twins.ts';

/** Checks that the owner's corrections hold after a run. Corrections are of entries: an article
 *  that nobody could tell from another one may have its entry now (docs/design.md §127). Articles
 *  that are taken down are owed to nobody. */
export async function checkCorrections(world: World, truth: Truth, store: Store, stories: readonly Story[]): Promise<string[]> {
  const { apart, together, hiddenStories, hiddenEntries } = world.owner;
  const found: string[] = [];
  const isDoubtful = (pair: string) => pair.split(' ').some((article) => world.doubtful.has(Number(article)));
  // An article may have two entries, of which one was merged.
  const homes = new Map<number, Set<string>>();
  for (const story of stories) {
    const articles = articlesOf(story);
    for (const article of articles) homes.set(article, (homes.get(article) ?? new Set()).add(story.id));
    for (const pair of pairsOf(articles, articles))
      if (apart.has(pair) && new Set(pair.split(' ')).size > 1 && !isDoubtful(pair))
        found.push(`story ${story.id} holds the articles ${pair}, which were split`);
  }
  for (const pair of together) {
    const [ones, others] = pair.split(' ').map((article) => homes.get(Number(article)));
    if (ones && others && ones.isDisjointFrom(others) && !isDoubtful(pair))
      found.push(`the articles ${pair} were merged, and are ${[...ones].join(', ')} and ${[...others].join(', ')}`);
  }
  for (const key of hiddenStories) {
    const evidence = await store.readEvidence(key);
    if (evidence?.hiddenAt === null) found.push(`story ${evidence.id} was taken down, and is shown again`);
    for (const article of evidence ? articlesOf(evidence) : []) truth.owed.delete(article);
  }
  for (const article of hiddenEntries.values()) truth.owed.delete(article);
  return found;
}

/** Checks that no document or archive names an entry that is taken down. */
export async function checkTakenDown({ owner, outlets }: World, { users }: Truth, store: Store, end: End): Promise<string[]> {
  const urls = new Map<string, string>();
  const homePages = outlets.map(({ id }) => `https://${id}.test/`);
  const shown = await readAll(store);
  // Articles of one address: the others may be shown, as the home page of a source is.
  const shared = new Set([...shown.flatMap(({ members }) => members.map(({ entry }) => entry.url)), ...homePages]);
  const isOfOne = ({ sourceId, url }: StoredEntry) => (users.get(`${sourceId} link ${url}`)?.size ?? 0) < 2;
  for (const key of [...owner.hiddenStories, ...owner.hiddenEntries.keys()])
    for (const { entry } of (await store.readEvidence(key))?.members ?? [])
      if (entry.url !== null && !shared.has(entry.url) && isOfOne(entry) && (owner.hiddenStories.has(key) || entry.key === key))
        urls.set(entry.url, key);
  return [...end].flatMap(([name, text]) =>
    /^(document|archive) /.test(name)
      ? [...urls].filter(([url]) => includesUrl(text, url)).map(([url, key]) => `${name} names ${url}, which was taken down (${key})`)
      : [],
  );
}

function includesUrl(text: string, url: string): boolean {
  for (let at = text.indexOf(url); at >= 0; at = text.indexOf(url, at + 1)) if (!/[\w/.-]/.test(text.charAt(at + url.length))) return true;
  return false;
}
