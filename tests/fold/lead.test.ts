import { expect, test } from 'vitest';
import { chooseLead } from '../../src/fold/lead.ts';
import type { PendingMember, PendingStory } from '../../src/model/story.ts';
import { makeStored } from '../support/entry.ts';

const choose = (pending: Parameters<typeof chooseLead>[0], at: Date, holdBackMs = 0) => chooseLead(pending, at, { holdBackMs });

const noon = new Date('2026-03-10T12:00:00Z');
const later = new Date('2026-03-11T12:00:00Z');

function member(
  no: number,
  rest: Partial<PendingMember> & { priority?: number; html?: string | null; published?: Date | null; url?: string | null } = {},
): PendingMember {
  const { priority = 50, html = '<p>x</p>', published = null, url = `https://s${no}.test/1` } = rest;
  return {
    entry: makeStored({ no, sourceId: `s${no}`, url }),
    newest: { published, hash: 'same', hasFullText: html !== null },
    source: { title: `S${no}`, priority, private: false },
    backlogAt: null,
    label: 'same',
    realRevision: 1,
    realUpdated: null,
    realSeenAt: noon,
    ...rest,
  };
}

function story(members: readonly PendingMember[], rest: Partial<PendingStory> = {}): PendingStory {
  const empty = { leadNo: null, leadRevision: 0, published: null, updated: null, settledAt: null, withdrawnAt: null, isShown: false };
  return { no: members[0]?.entry.no ?? 1, id: 'urn:x', firstSeenAt: noon, ...empty, members, ...rest };
}

const published = { leadNo: 1, leadRevision: 1, updated: noon, settledAt: noon };

test.each<[string, PendingMember[], number]>([
  ['the highest priority', [member(1), member(2, { priority: 60 })], 2],
  ['full text over summary', [member(1, { html: null }), member(2)], 2],
  ['the earliest published', [member(1, { published: later }), member(2, { published: noon })], 2],
  ['the first to arrive when all else is equal', [member(1), member(2)], 1],
])('a new story is led by %s', (_, members, lead) => {
  expect(choose(story(members), later)).toMatchObject({
    leadNo: lead,
    change: 'new',
    updated: members[lead - 1]?.newest.published ?? noon,
  });
});

test('the lead and its date stay when a member with higher priority joins', () => {
  const result = choose(story([member(1), member(2, { priority: 99 })], published), later);
  expect(result).toMatchObject({ leadNo: 1, updated: noon, footer: null, change: 'members' });
});

test('the lead stays when a member joins after the clock was set back to before the story', () => {
  const before = new Date(noon.getTime() - 86_400_000);
  expect(choose(story([member(1), member(2, { priority: 99 })], published), before)).toMatchObject({ leadNo: 1, change: 'members' });
});

test('a lead that is revised and comes under a new id in one run moves the date', () => {
  const former = member(1, { realRevision: 2, realUpdated: later, realSeenAt: later });
  const again = {
    ...member(2, { label: 'revision', realSeenAt: later }),
    entry: makeStored({ no: 2, sourceId: 's1', firstSeenAt: later }),
  };
  const result = choose(story([former, again], published), later);
  expect(result).toMatchObject({ leadNo: 2, updated: later, change: 'updated' });
});

test('a new revision of the lead moves the date forward, never back', () => {
  const revised = member(1, { realRevision: 2, realUpdated: later, realSeenAt: later });
  expect(choose(story([revised], published), later)).toMatchObject({ updated: later, leadRevision: 2, change: 'updated' });
  const early = member(1, { realRevision: 2, realUpdated: new Date(0), realSeenAt: later });
  expect(choose(story([early], published), later).updated).toEqual(new Date(noon.getTime() + 1000));
});

test('a revision of another member changes nothing for readers', () => {
  const other = member(2, { realRevision: 5, realUpdated: later });
  expect(choose(story([member(1), other], published), later)).toMatchObject({ updated: noon, change: 'members' });
});

test('another member becomes the lead when the lead has gone, and the story stays', () => {
  expect(choose(story([member(2)], published), later)).toMatchObject({ leadNo: 2, change: 'updated', updated: later });
});

test('a story without members is withdrawn; without notice if it was never published', () => {
  expect(choose(story([], published), later)).toMatchObject({ leadNo: null, change: 'withdrawn' });
  expect(choose(story([]), later)).toMatchObject({ leadNo: null, change: 'none' });
});

test('a story that comes back is newer than its tombstone', () => {
  expect(choose(story([member(1)], { ...published, withdrawnAt: later }), later)).toMatchObject({ change: 'new', updated: later });
});

test('a story that was published without a date comes back without one, at its place', () => {
  const dated = member(1, { published: later });
  const back = choose(story([dated], { ...published, withdrawnAt: later }), later);
  expect(back).toMatchObject({ change: 'new', published: null, datedAt: null, updated: later });
  expect(choose(story([dated], { withdrawnAt: later }), later)).toMatchObject({ published: later, datedAt: later });
});

test('the footer names each other address once, and none of a private source', () => {
  const hidden = { ...member(3), source: { title: 'S3', priority: 50, private: true } };
  const twin = { ...member(4), entry: makeStored({ no: 4, sourceId: 's4', url: 'https://s2.test/1' }) };
  expect(choose(story([member(1), member(2), hidden, twin]), later).footer).toEqual([{ title: 'S2', url: 'https://s2.test/1' }]);
});

test('a story that was shown keeps its lead and dates when the delay grows or the clock goes back', () => {
  const revised = member(1, { realRevision: 2, realUpdated: later, realSeenAt: later });
  const shown = story([revised, member(2, { priority: 99 })], { ...published, published: noon, isShown: true });
  const soon = new Date(noon.getTime() + 60_000);
  expect(choose(shown, soon, 3_600_000)).toMatchObject({ leadNo: 1, updated: later, published: noon, change: 'updated' });
  const yearBefore = new Date(noon.getTime() - 400 * 86_400_000);
  expect(choose({ ...shown, isShown: false }, yearBefore)).toMatchObject({ leadNo: 1, change: 'updated' });
});
