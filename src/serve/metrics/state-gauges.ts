import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { SiteCounts } from '../../model/counts.ts';

/** Sets the gauges of the store's state. */
interface StateGauges {
  readonly set: (figures: SiteCounts) => void;
}

/** Creates the gauges. An unknown value has no sample: 0 would be an instant in 1970. */
export function createStateGauges(registry: Registry): StateGauges {
  const make = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) => {
    const gauge = new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
    // A gauge without labels would otherwise start with a sample of 0.
    if (labelNames.length === 0) gauge.remove();
    return gauge;
  };
  const duration = make('newsfold_last_run_duration_seconds', 'Duration of the last finished run.');
  const endedAt = make('newsfold_last_run_end_timestamp_seconds', 'End of the last finished run, seconds since 1970.');
  const sources = make('newsfold_sources', 'Sources of the configuration by state.', ['state']);
  const entries = make('newsfold_entries', 'Entries stored.');
  const stories = make('newsfold_stories', 'Stories published.');
  const aside = make('newsfold_set_aside', 'Entries, stories and sources that were set aside: newsfold sources lists them.');
  const shown = make('newsfold_feed_stories', 'Stories in a public feed.', ['feed']);
  const newestAt = make(
    'newsfold_feed_newest_story_timestamp_seconds',
    'Date by which the newest story of a public feed is sorted, seconds since 1970.',
    ['feed'],
  );
  const modifiedAt = make(
    'newsfold_feed_document_timestamp_seconds',
    'Last change of the Atom document of a public feed, seconds since 1970.',
    ['feed'],
  );
  const stale = make('newsfold_feed_stale', '1 while a public feed has had no new story for unusually long.', ['feed']);
  const shrunk = make('newsfold_feed_shrunk', '1 while more stories left a public feed within a day than it still shows.', ['feed']);
  const privateUnhealthy = make('newsfold_private_feeds_ill', 'Private feeds that are stale or have shrunk.');
  const subscriptions = make('newsfold_hub_subscriptions', 'Subscriptions at our own hub.');
  const failing = make('newsfold_hub_subscriptions_failing', 'Subscriptions at our own hub whose last delivery failed.');
  const intents = make('newsfold_hub_intents', 'Subscribers whose intent the hub still has to verify.');
  const pushes = make('newsfold_pushes_waiting', 'WebSub deliveries that wait for the next run.');
  const queue = make(
    'newsfold_queue_lanes',
    'Hosts with sources that the nodes of a run still have to read (waiting) or are reading (active).',
    ['state'],
  );
  const ofFeeds = [shown, newestAt, modifiedAt, stale, shrunk];

  return {
    set(figures) {
      const { lastRun, hub, queue: hosts } = figures;
      if (lastRun) {
        duration.set((lastRun.endedAt.getTime() - lastRun.startedAt.getTime()) / 1000);
        endedAt.set(toSeconds(lastRun.endedAt));
      }
      for (const [state, n] of Object.entries(figures.sources)) sources.set({ state }, n);
      entries.set(figures.entries);
      stories.set(figures.stories);
      aside.set(figures.setAside);
      // A feed that has left the configuration loses its series.
      for (const gauge of ofFeeds) gauge.reset();
      for (const feed of figures.feeds) {
        const label = { feed: feed.slug };
        shown.set(label, feed.standing);
        if (feed.newestAt) newestAt.set(label, toSeconds(feed.newestAt));
        if (feed.modifiedAt) modifiedAt.set(label, toSeconds(feed.modifiedAt));
        stale.set(label, feed.isStale ? 1 : 0);
        shrunk.set(label, feed.isShrunk ? 1 : 0);
      }
      privateUnhealthy.set(figures.privateFeedsFailing);
      for (const [gauge, n] of [
        [subscriptions, hub?.subscriptions],
        [failing, hub?.failing],
        [intents, hub?.intents],
      ] as const)
        if (n === undefined) gauge.remove();
        else gauge.set(n);
      pushes.set(figures.pushesWaiting);
      queue.reset();
      if (hosts) {
        queue.set({ state: 'waiting' }, hosts.waiting);
        queue.set({ state: 'active' }, hosts.active);
      }
    },
  };
}

function toSeconds(date: Date): number {
  return date.getTime() / 1000;
}
