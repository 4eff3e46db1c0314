import { entry, own_file, own_folder, pruned, revision } from './entries.ts';
import { archive, document, document_version, feed, listing, takedown } from './feeds.ts';
import { pin, related, story_entry } from './folding.ts';
import { generation, in_hand, meta, runTable, set_aside } from './operation.ts';
import { host, page, poll, source } from './sources.ts';
import { change, story, tombstone } from './stories.ts';
import {
  announcement,
  websub_intent,
  websub_place,
  websub_source_document,
  websub_source_hint,
  websub_source_subscription,
  websub_subscription,
} from './websub.ts';

/** All tables that cannot be computed from others, by name. A table comes after the tables that
 *  its rows refer to; export and import use this order. */
export const tables = {
  meta,
  source,
  page,
  host,
  poll,
  entry,
  revision,
  pruned,
  own_folder,
  own_file,
  story,
  story_entry,
  related,
  pin,
  change,
  tombstone,
  feed,
  listing,
  archive,
  takedown,
  document_version,
  document,
  set_aside,
  in_hand,
  websub_intent,
  websub_subscription,
  websub_place,
  announcement,
  websub_source_subscription,
  websub_source_document,
  websub_source_hint,
  generation,
  run: runTable,
};
