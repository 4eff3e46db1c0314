import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { SiteCounts } from '../../model/counts.ts';

/** Shows how things stand. */
interface StateGauges {
  readonly set: (figures: SiteCounts) => void;
}

/** What is unknown has no sample: a made-up 0 would be an instant in 1970. */
export function createStateGauges(registry: Registry): StateGauges {
  const make = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) => {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    // It would begin at 0.
    if (labelNames.length === 0) gauge.remove();
    return gauge;
  };
  const duration = make('newsfold_last_run_duration_seconds', 'How long the last run took that came to its end.');
  const endedAt = make('newsfold_last_run_end_timestamp_seconds', 'When the last run came to its end, seconds since 1970.');
  const sources = make('newsfold_sources', 'Sources of the configuration by state; each is in one.', ['state']);
  const entries = make('newsfold_entries', 'Entries stored.');
  const stories = make('newsfold_stories', 'Stories published.');
  const aside = make('newsfold_set_aside', 'Entries, stories and sources that runs have set aside: newsfold sources lists them.');
  const standing = make('newsfold_feed_stories', 'Stories that stand in a public feed.', ['feed']);
  const newestAt = make(
    'newsfold_feed_newest_story_timestamp_seconds',
    'Date by which the newest story of a public feed stands in it, seconds since 1970.',
    ['feed'],
  );
  const modifiedAt = make(
    'newsfold_feed_document_timestamp_seconds',
    'When the Atom document of a public feed last changed, seconds since 1970.',
    ['feed'],
  );
  const stale = make('newsfold_feed_stale', '1 while a public feed has nothing new against its own rhythm.', ['feed']);
  const shrunk = make('newsfold_feed_shrunk', '1 while more stories have left a public feed within a day than stand in it.', ['feed']);
  const privateIll = make('newsfold_private_feeds_ill', 'Private feeds that are stale or have shrunk.');
  const subscriptions = make('newsfold_hub_subscriptions', 'Subscriptions at our own hub.');
  const failing = make('newsfold_hub_subscriptions_failing', 'Those of them whose last delivery failed.');
  const intents = make('newsfold_hub_intents', 'Subscribers who have still to be asked whether they mean it.');
  const pushes = make('newsfold_pushes_waiting', 'Pushed documents that wait for the next run.');
  const queue = make('newsfold_queue_lanes', 'Hosts whose sources the nodes of a run have still to read, or read now.', ['state']);
  const ofFeeds = [standing, newestAt, modifiedAt, stale, shrunk];

  return {
    set(figures) {
      const { lastRun, hub, queue: lanes } = figures;
      if (lastRun) {
        duration.set((lastRun.endedAt.getTime() - lastRun.startedAt.getTime()) / 1000);
        endedAt.set(toSeconds(lastRun.endedAt));
      }
      for (const [state, n] of Object.entries(figures.sources)) sources.set({ state }, n);
      entries.set(figures.entries);
      stories.set(figures.stories);
      aside.set(figures.setAside);
      // One that has left the configuration is told no more.
      for (const gauge of ofFeeds) gauge.reset();
      for (const feed of figures.feeds) {
        const label = { feed: feed.slug };
        standing.set(label, feed.standing);
        if (feed.newestAt) newestAt.set(label, toSeconds(feed.newestAt));
        if (feed.modifiedAt) modifiedAt.set(label, toSeconds(feed.modifiedAt));
        stale.set(label, feed.isStale ? 1 : 0);
        shrunk.set(label, feed.isShrunk ? 1 : 0);
      }
      privateIll.set(figures.privateFeedsIll);
      for (const [gauge, n] of [
        [subscriptions, hub?.subscriptions],
        [failing, hub?.failing],
        [intents, hub?.intents],
      ] as const)
        if (n === undefined) gauge.remove();
        else gauge.set(n);
      pushes.set(figures.pushesWaiting);
      queue.reset();
      if (lanes) {
        queue.set({ state: 'waiting' }, lanes.waiting);
        queue.set({ state: 'active' }, lanes.active);
      }
    },
  };
}

function toSeconds(date: Date): number {
  return date.getTime() / 1000;
}
