import { compareSourcePositions } from './prepare/order.ts';
import type { StoryCopy, LeadChoice, PendingMember, PendingStory } from '../model/story.ts';

/** Chooses the lead, the dates and the footer of a story whose members changed (docs/design.md
 *  §81). The lead is final once the story is published, `holdBackMs` after its first sight. It
 *  changes only when it disappears, or when its source publishes a version of the article under a
 *  new id. `updated` moves only when the lead has a new real revision or is replaced; it never goes
 *  back. */
export function chooseLead(
  story: PendingStory,
  at: Date,
  { holdBackMs, oldestDatedAt = null }: { readonly holdBackMs: number; readonly oldestDatedAt?: Date | null },
): LeadChoice {
  const { no, members } = story;
  // Nobody has seen a story that every feed holds back, so its lead is chosen among all members
  // that have come by then. A clock that was set back, or a longer delay, holds back no story that
  // was shown.
  const isHeld = !story.isShown && holdBackMs > 0 && at.getTime() - story.firstSeenAt.getTime() < holdBackMs;
  const hasLead = story.settledAt !== null && story.withdrawnAt === null;
  const isPublished = hasLead && !isHeld;
  const kept = members.find((member) => member.entry.no === story.leadNo);
  const chosen = isPublished && kept ? kept : findLead(members);
  const lead = chosen && newestVersion(chosen, members);
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
      change: hasLead ? 'withdrawn' : 'none',
    };
  }
  const leadRevision = lead.realRevision;
  if (!isPublished) {
    // Date and position in the order are final once readers know the story, although it has gone
    // for a while.
    const isKnown = story.settledAt !== null && !isHeld;
    const published = story.published ?? (isKnown ? null : (lead.newest.published ?? findEarliest(members)));
    const datedAt = published ?? (isKnown ? null : dateUndated(story, oldestDatedAt));
    const first = latest(lead.realUpdated ?? datedAt ?? story.firstSeenAt, published);
    // A story that returns after a withdrawal must look newer than its tombstone to readers that
    // keep the newest version per id.
    const updated = story.updated === null || story.withdrawnAt === null ? first : latest(at, after(story.updated));
    return { no, leadNo: lead.entry.no, leadRevision, published, datedAt, updated, footer: toFooter(lead, members), change: 'new' };
  }
  const before = story.updated ?? story.firstSeenAt;
  const isNewVersion = kept !== undefined && lead !== kept && lead.entry.sourceId === kept.entry.sourceId;
  // The former version may have been revised in the same run as the new one came.
  const hasNews = kept !== undefined && kept.realRevision > story.leadRevision;
  const isRevised = isNewVersion ? hasNews || lead.newest.hash !== kept.newest.hash : lead !== kept || hasNews;
  const keptFields = { no, leadNo: lead.entry.no, leadRevision, published: story.published, datedAt: story.published };
  if (!isRevised) return { ...keptFields, updated: before, footer: null, change: 'members' };
  const revisedAt = lead === kept || isNewVersion ? (lead.realUpdated ?? lead.realSeenAt) : at;
  return { ...keptFields, updated: latest(revisedAt, after(before)), footer: toFooter(lead, members), change: 'updated' };
}

/** Returns the earliest date of a member; null when none has one. An undated lead takes the date
 *  that other members give. */
function findEarliest(members: readonly PendingMember[]): Date | null {
  const dates = members.flatMap(({ newest }) => newest.published ?? []);
  return dates.reduce<Date | null>((earliest, date) => (earliest !== null && earliest <= date ? earliest : date), null);
}

/** Returns the time that sorts a story without a date. News is sorted by its first sight. A story
 *  from the first reading of its source is not news: it is sorted by the document's own date.
 *  Without one, it comes just below the oldest dated story. Stories of the same instant keep the
 *  order of their document. */
function dateUndated({ members, firstSeenAt }: PendingStory, oldestDatedAt: Date | null): Date {
  if (members.some(({ backlogAt }) => backlogAt === null)) return firstSeenAt;
  const said = members.flatMap(({ entry, backlogAt }) => (backlogAt !== null && backlogAt < entry.firstSeenAt ? backlogAt.getTime() : []));
  if (said.length > 0) return new Date(Math.min(...said));
  return oldestDatedAt === null ? firstSeenAt : new Date(oldestDatedAt.getTime() - 1000);
}

/** Returns the newest version of the lead's article that the lead's source has published. */
function newestVersion(lead: PendingMember, members: readonly PendingMember[]): PendingMember {
  const versionDate = ({ entry, newest }: PendingMember) => (newest.published ?? entry.firstSeenAt).getTime();
  return members.reduce(
    (newest, member) =>
      member.entry.sourceId === lead.entry.sourceId && member.label === 'revision' && versionDate(member) > versionDate(newest)
        ? member
        : newest,
    lead,
  );
}

/** Returns the best lead: highest priority, then the member whose own site has the address that
 *  other members name, then full text, then the earliest. */
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
  const copies = members.flatMap((member): StoryCopy[] =>
    member === lead || member.entry.url === null || member.source.private || member.entry.url === lead.entry.url
      ? []
      : [{ title: member.source.title, url: member.entry.url }],
  );
  return copies.filter((copy, index) => copies.findIndex((other) => other.url === copy.url) === index);
}

function latest(a: Date, b: Date | null): Date {
  return b !== null && b > a ? b : a;
}

/** Returns the next second. Clients compare atom:updated and Last-Modified without fractions of a
 *  second. */
function after(date: Date): Date {
  return new Date(date.getTime() + 1000);
}
