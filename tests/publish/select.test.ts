import { expect, test } from 'vitest';
import type { Feed } from '../../src/model/feed.ts';
import type { Story } from '../../src/model/story.ts';
import { checkPattern, createSelection } from '../../src/publish/select.ts';
import { SEEN, toFeed, toStory } from '../support/story.ts';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(SEEN.getTime() - hours * HOUR);

/** A story known for some hours, of these sources: the first leads. */
function story(
  id: string,
  hours: number,
  sources: readonly string[] = ['coast'],
  said: Partial<Story> = {},
  tags: readonly string[] = [],
): Story {
  return toStory(
    { id, published: at(hours), firstSeenAt: at(hours), ...said },
    ...sources.map((source) => ({ source: { id: source, tags }, revision: { title: `${id} story` } })),
  );
}

const stories = [
  story('a', 0),
  story('b', 1, ['coast', 'herald']),
  story('c', 2, ['herald'], {}, ['harbour']),
  story('d', 3),
  story('e', 20, ['herald', 'coast', 'desk']),
  story('f', 30),
  story('g', 40, ['desk'], { published: null }),
];

function check(rules: Partial<Feed>, expected: string): void {
  const selection = createSelection(toFeed(rules), SEEN);
  stories.forEach((offered) => selection.offer(offered));
  expect(selection.stories.map((taken) => taken.id).join('')).toBe(expected);
  expect(selection.isFull()).toBe(selection.stories.length === (rules.limit ?? 50));
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
  [{ include: [{ field: 'title', pattern: 'story' }], exclude: [{ field: 'title', pattern: 'a story' }] }, 'bcdefg'],
  [{ since: at(20) }, 'abcde'],
  [{ minSources: 2 }, 'be'],
  [{ minSources: 3 }, 'e'],
  [{ limit: 2 }, 'ab'],
  [{ maxPerSource: 1 }, 'acg'],
  [{ maxPerSource: 2, limit: 3 }, 'abc'],
  [{ maxPerSourcePerDay: 1 }, 'acefg'],
  [{ maxPerSourcePerDay: 2, maxPerSource: 3 }, 'abcefg'],
  [{ holdBackMs: HOUR }, 'bcdefg'],
  [{ holdBackMs: 2 * HOUR + 1 }, 'defg'],
])('selects by %j the stories %j', check);

test('counts two entries of one source as one source', () => {
  const selection = createSelection(toFeed({ minSources: 2 }), SEEN);
  selection.offer(story('a', 1, ['coast', 'coast']));
  expect(selection.stories).toEqual([]);
});

test('looks for words in the lead alone, which is what the reader sees', () => {
  const selection = createSelection(toFeed({ include: [{ field: 'title', pattern: 'second' }] }), SEEN);
  selection.offer(toStory({}, { revision: { title: 'first' } }, { revision: { title: 'second' } }));
  expect(selection.stories).toEqual([]);
});

test('checks a pattern before it is used', () => {
  expect(checkPattern('/a/')).toBeNull();
  expect(checkPattern('/[/')).not.toBeNull();
});
