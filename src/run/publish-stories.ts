import { updateFeeds } from '../feeds/update-feeds.ts';
import { breathe } from '../runtime/memory.ts';
import type { RunContext } from './run-context.ts';
import { cutArchives } from '../feeds/archives/takedown.ts';
import { chooseLeads } from './choose-leads.ts';
import type { LeadContext, StoryCounts } from './choose-leads.ts';
import { bindDeclared } from './read/read-sources.ts';
import { withRunLock } from './run-lock.ts';

/** Publishes the stories that have changed: chooses their leads, updates every feed and raises the
 *  generation number, by which servers notice news. The caller holds the run lock. An aborted call
 *  publishes nothing; the next run completes it. */
export async function publishStories(
  context: LeadContext & { readonly settings: Pick<RunContext['settings'], 'rules'> },
  isAborted: () => boolean,
): Promise<StoryCounts> {
  const { store, clock, settings } = context;
  const { counts, isDone } = await chooseLeads(context, isAborted);
  if (!isDone) return counts;
  counts.problems.push(...(await updateFeeds(context)));
  await cutArchives(context);
  while (!isAborted() && (await store.indexWords())) await breathe();
  await store.publish(clock.now(), new Date(clock.now().getTime() - settings.rules.windowMs));
  return counts;
}

/** Updates the feeds after a change of the configuration, without reading a source.
 *  @throws NewsfoldError `run/locked` when another process holds the run lock. */
export function updateSite(context: RunContext): Promise<unknown> {
  return withRunLock(context, async () => {
    // Feed rules refer to the tags and ids of sources, so the present ones must be bound first.
    await bindDeclared(context, { problems: [], failed: 0 });
    return publishStories(context, () => false);
  });
}
