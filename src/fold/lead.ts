import { compareSourcePositions } from './prepare/order.ts';
import type { StoryCopy, LeadChoice, PendingMember, PendingStory } from '../model/story.ts';

/** Decides what a story shows after its members changed: its lead, its dates and its footer
 *  (docs/design.md §81). The lead is settled when the story is first published (`holdBackMs` after
 *  it was first seen) and then stays until it disappears, or until its source posts the article
 *  again under a new id: that is a version of it. `updated` moves only when the lead has a new real
 *  revision, or another lead must speak; it never goes back. */
export function chooseLead(
  story: PendingStory,
  at: Date,
  { holdBackMs, oldestDatedAt = null }: { readonly holdBackMs: number; readonly oldestDatedAt?: Date | null },
): LeadChoice {
  const { no, members } = story;
  // Nobody has seen a story that every feed holds back: its lead is still chosen among all that
  // come.
  const isHeld = at.getTime() - story.firstSeenAt.getTime() < holdBackMs;
  const isSettled = story.settledAt !== null && story.withdrawnAt === null;
  const isPublished = isSettled && !isHeld;
  const kept = members.find((member) => member.entry.no === story.leadNo);
  const chosen = isPublished && kept ? kept : findLead(members);
  const lead = chosen && newestPost(chosen, members);
  if (!lead) {
    const { leadRevision, published } = story;
    return {
      no,
      leadNo: null,
      leadRevision,
      published,
      datedAt: published,
      updated: story.updated ?? at,
      footer: null,
      change: isSettled ? 'withdrawn' : 'none',
    };
  }
  const leadRevision = lead.realRevision;
  if (!isPublished) {
    const published = story.published ?? lead.newest.published ?? findEarliest(members);
    // Its place stays once readers know it.
    const datedAt = published ?? (story.settledAt === null || isHeld ? dateUndated(story, oldestDatedAt) : null);
    const first = latest(lead.realUpdated ?? datedAt ?? story.firstSeenAt, published);
    // Back after a withdrawal: readers that keep the newest per id must see it as newer than the
    // tombstone.
    const updated = story.updated === null || story.withdrawnAt === null ? first : latest(at, after(story.updated));
    return { no, leadNo: lead.entry.no, leadRevision, published, datedAt, updated, footer: toFooter(lead, members), change: 'new' };
  }
  const before = story.updated ?? story.firstSeenAt;
  const isReposted = kept !== undefined && lead !== kept && lead.entry.sourceId === kept.entry.sourceId;
  const isRevised = isReposted ? lead.newest.hash !== kept.newest.hash : lead !== kept || leadRevision > story.leadRevision;
  const settled = { no, leadNo: lead.entry.no, leadRevision, published: story.published, datedAt: story.published };
  if (!isRevised) return { ...settled, updated: before, footer: null, change: 'members' };
  const revisedAt = lead === kept || isReposted ? (lead.realUpdated ?? lead.realSeenAt) : at;
  return { ...settled, updated: latest(revisedAt, after(before)), footer: toFooter(lead, members), change: 'updated' };
}

/** The date of the member that came out first; null when none has one. An undated lead is as old as
 *  the story that others date. */
function findEarliest(members: readonly PendingMember[]): Date | null {
  const dates = members.flatMap(({ newest }) => newest.published ?? []);
  return dates.reduce<Date | null>((earliest, date) => (earliest !== null && earliest <= date ? earliest : date), null);
}

/** The place of a story without a date. News stands by its first sight. A story that came with
 *  the first reading of its source is no news. It stands by the age that its document gives
 *  itself, else just below the oldest dated story. There all of one instant keep the order of
 *  their document. */
function dateUndated({ members, firstSeenAt }: PendingStory, oldestDatedAt: Date | null): Date {
  if (members.some(({ backlogAt }) => backlogAt === null)) return firstSeenAt;
  const said = members.flatMap(({ entry, backlogAt }) => (backlogAt !== null && backlogAt < entry.firstSeenAt ? backlogAt.getTime() : []));
  if (said.length > 0) return new Date(Math.min(...said));
  return oldestDatedAt === null ? firstSeenAt : new Date(oldestDatedAt.getTime() - 1000);
}

/** The last that the lead's source posted of the same article. */
function newestPost(lead: PendingMember, members: readonly PendingMember[]): PendingMember {
  const postedAt = ({ entry, newest }: PendingMember) => (newest.published ?? entry.firstSeenAt).getTime();
  return members.reduce(
    (newest, member) =>
      member.entry.sourceId === lead.entry.sourceId && member.label === 'revision' && postedAt(member) > postedAt(newest) ? member : newest,
    lead,
  );
}

/** Highest priority, then the one whose address others name, then full text over summary, then the
 *  earliest. */
function findLead(members: readonly PendingMember[]): PendingMember | undefined {
  const named = (member: PendingMember) =>
    member.entry.urlKey !== null &&
    member.entry.urlKey.startsWith(`${member.entry.homeHost}/`) &&
    members.some((other) => other !== member && other.entry.urlKey === member.entry.urlKey);
  const rank = (member: PendingMember) => [
    -member.source.priority,
    named(member) ? 0 : 1,
    member.newest.hasFullText ? 0 : 1,
    (member.newest.published ?? member.entry.firstSeenAt).getTime(),
  ];
  return members.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    const at = left.findIndex((value, index) => value !== right[index]);
    return at < 0 ? compareSourcePositions(a.entry, b.entry) : (left[at] ?? 0) - (right[at] ?? 0);
  })[0];
}

function toFooter(lead: PendingMember, members: readonly PendingMember[]): StoryCopy[] {
  const places = members.flatMap((member): StoryCopy[] =>
    member === lead || member.entry.url === null || member.source.private || member.entry.url === lead.entry.url
      ? []
      : [{ title: member.source.title, url: member.entry.url }],
  );
  return places.filter((place, index) => places.findIndex((other) => other.url === place.url) === index);
}

function latest(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a;
}

/** The next second: atom:updated and Last-Modified are compared by clients that drop fractions. */
function after(date: Date): Date {
  return new Date(date.getTime() + 1000);
}
