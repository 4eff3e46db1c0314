import { expect, test } from 'vitest';
import type { Feed } from '../../../src/model/feed.ts';
import type { Candidate } from '../../../src/model/listing.ts';
import { checkPattern, createRule, findRuleAgainst, hashRules, looksAtWords } from '../../../src/publish/selection/select.ts';
import { SEEN, toFeed } from '../../support/story.ts';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(SEEN.getTime() - hours * HOUR);
const tags = new Map([['inshore', ['harbour']]]);

/** Returns a story that was published `hours` ago; the first source leads it. */
function candidate(title: string, hours: number, sourceIds: readonly string[], rest: Partial<Candidate> = {}): Candidate {
  const lead = { sourceId: sourceIds[0] ?? '', url: null, language: null, words: { title, text: '', authors: [], categories: [] } };
  const dates = { published: at(hours), updated: at(hours), firstSeenAt: at(hours), datedAt: at(hours) };
  return { no: 1, isPublished: true, isNews: true, ...dates, founderSourceId: sourceIds[0] ?? '', sourceIds, lead, ...rest };
}

const candidates = [
  candidate('a', 0, ['coast']),
  candidate('b', 1, ['coast', 'herald']),
  candidate('c', 2, ['inshore', 'herald']),
  candidate('d', 3, ['coast']),
  candidate('e', 20, ['herald', 'coast', 'desk']),
  candidate('f', 30, ['coast']),
  candidate('g', 40, ['desk'], { published: null }),
  candidate('h', 1, ['coast'], { isPublished: false }),
  candidate('i', 1, ['coast'], { lead: null }),
];

/** Checks the stories that rules select. The refusal in words, the need of words and the hash for
 *  a new chain of archives must agree with that. */
function check(rules: Partial<Feed>, expected: string): void {
  const feed = toFeed(rules);
  const tagsOf = (sourceId: string) => tags.get(sourceId) ?? [];
  const isSelected = createRule(feed, tagsOf);
  const taken = candidates.filter(isSelected).map(({ lead }) => lead?.words?.title);
  expect(taken.join('')).toBe(expected);
  for (const one of candidates) {
    expect(findRuleAgainst(feed, tagsOf, one) === null).toBe(isSelected(one));
    if (one.lead === null || looksAtWords(feed)) continue;
    expect(isSelected({ ...one, lead: { ...one.lead, words: null } })).toBe(isSelected(one));
  }
  if (Object.keys(rules).length > 0) expect(hashRules(feed)).not.toBe(hashRules(toFeed()));
}

test.each<[Partial<Feed>, string]>([
  [{}, 'abcdefg'],
  [{ sources: ['herald'] }, 'bce'],
  [{ sources: ['herald', 'desk'] }, 'bceg'],
  [{ sources: ['nobody'] }, ''],
  [{ tags: ['harbour'] }, 'c'],
  [{ tags: ['harbour', 'x'], sources: ['coast'] }, ''],
  [
    {
      include: [
        { field: 'title', pattern: 'b' },
        { field: 'title', pattern: '/^[ce]/' },
      ],
    },
    'bce',
  ],
  [
    {
      exclude: [
        { field: 'title', pattern: 'b' },
        { field: 'title', pattern: '/^[ce]/' },
      ],
    },
    'adfg',
  ],
  [{ include: [{ field: 'title', pattern: '/[a-c]/' }], exclude: [{ field: 'title', pattern: 'a' }] }, 'bc'],
  [{ since: at(20) }, 'abcde'],
  [{ minSources: 2 }, 'bce'],
  [{ minSources: 3 }, 'e'],
])('the rules %j select the stories %j', check);

test('words of leads are needed only if a rule uses them', () => {
  expect(looksAtWords(toFeed({ since: at(1), minSources: 2 }))).toBe(false);
  expect(looksAtWords(toFeed({ exclude: [{ field: 'title', pattern: 'a' }] }))).toBe(true);
});

test('a rule of selection changes the hash; title, token, limit and content do not', () => {
  const of = (rest: Partial<Feed>) => hashRules(toFeed(rest));
  const same = [{ title: 'X' }, { token: 'x' }, { limit: 3 }, { maxPerSource: 1 }, { content: 'summary' as const }];
  for (const rest of same) expect(of(rest)).toBe(of({}));
  const others = [
    { sources: ['a'] },
    { tags: ['a'] },
    { include: [{ field: 'title' as const, pattern: 'a' }] },
    { exclude: [{ field: 'title' as const, pattern: 'a' }] },
    { since: at(1) },
    { minSources: 2 },
    { order: 'updated' as const },
    { maxPerSourcePerDay: 1 },
    { holdBackMs: 1 },
    { private: true },
  ];
  expect(new Set([{}, ...others].map(of)).size).toBe(others.length + 1);
});

test('an invalid pattern is refused', () => {
  expect(checkPattern('/a/')).toBeNull();
  expect(checkPattern('/[/')).not.toBeNull();
});
