import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParsedItem } from '../../model/parsed.ts';
import { identifyItems } from '../../normalise/identity/identity.ts';
import type { DuePoll } from './due-poll.ts';
import { readKnownOf } from './known-entries.ts';
import type { EntryReads } from '../../ports/store/entries.ts';

/** Polls in a row for which a truncated entry waits for the rest of its document. */
const MOST_POLLS = 3;

/** The decision on the entry inside which a document ended. */
interface OpenItem {
  /** The entry, if it is left out; null when there is none, or when it is published in its
   *  truncated form. */
  readonly leftOut: ParsedItem | null;
  /** Polls in a row, this one included, that ended inside an entry. */
  readonly polls: number;
  readonly problems: readonly Problem[];
}

/** Decides whether the entry inside which a document ended is read. Half an entry would be
 *  published now and marked "edited" after the next poll. The entry therefore waits for a whole
 *  document, for three polls at most. While the document stays truncated, a stored entry keeps its
 *  present version. */
export async function judgeOpenItem(
  { store }: { readonly store: EntryReads },
  { source, poll }: Pick<DuePoll, 'source' | 'poll'>,
  feed: ParsedFeed,
): Promise<OpenItem> {
  const { items, openItem: open } = feed;
  if (open === null) return { leftOut: null, polls: 0, problems: [] };
  const polls = poll.cutPolls + 1;
  if (!items.includes(open)) return { leftOut: null, polls, problems: [] };
  const entry = (open.guid ?? open.url ?? open.title).slice(0, 200);
  const tell = (code: string, message: string): Problem[] => [{ code, ...(entry !== '' && { entry }), message }];
  // If each poll ends inside another entry, only every fourth poll publishes a truncated one.
  if (polls % (MOST_POLLS + 1) !== 0) {
    const message = 'the document ends inside this entry: the entry waits for a whole document';
    return { leftOut: open, polls, problems: tell('entry/waits', message) };
  }
  const { items: identified } = identifyItems(feed);
  const known = await readKnownOf(store, source.id, identified);
  const own = identified.find(({ item }) => item === open);
  if (own !== undefined && known.has(own.identity))
    return { leftOut: open, polls, problems: tell('entry/waits', 'the document ends inside this entry: the entry stays as it was') };
  const message = `the document has ended inside this entry for more than ${MOST_POLLS} polls: the incomplete entry is published; tell its publisher`;
  return { leftOut: null, polls, problems: tell('entry/cut', message) };
}
