import { expect, test } from 'vitest';
import { Folder } from '../../../src/fold/fold.ts';
import { countWordUse, prepareEntry } from '../../../src/fold/prepare/prepared-entry.ts';
import type { StoredEntry } from '../../../src/model/entry.ts';
import { makeStored } from '../../support/entry.ts';

/** A published entry: [source, title, text, day and hour in March]. */
type Publication = readonly [source: string, title: string, text: string, at: string];

/** Returns the story numbers of entries, in order. */
function fold(said: readonly Publication[], rest: Partial<StoredEntry> = {}): number[] {
  const entries = said.map(([sourceId, title, text, at], no) => {
    const published = new Date(`2026-03-${at}:00:00Z`);
    return makeStored({ no, sourceId, guid: `${sourceId}/${no}`, firstSeenAt: published, ...rest }, { title, text, published });
  });
  const prepared = entries.map(prepareEntry);
  const folder = new Folder({ level: 'normal', windowMs: 14 * 86_400_000 }, countWordUse(prepared.map(({ profile }) => profile)), []);
  for (const one of prepared) folder.place({ prepared: one, folds: true }, new Map());
  return entries.map(({ no }) => folder.storyOf(no) ?? -1);
}

const blurb =
  'The weekly talk about boats, nets and everything between them, with Ada and Ben from the pier of Brackwater. Subscribe wherever you listen.';
const notice = (company: string, sum: string, share: string) =>
  `${company} said its board has declared a quarterly dividend of ${share} cents a share, payable on the fifteenth of next month to holders of record, after net earnings of ${sum} million in the quarter.`;
const alert = (zone: string, wind: string) =>
  `A gale warning is in force for ${zone} from this evening. Winds of up to ${wind} knots are expected, with rough seas and poor sight. Small craft should stay in port until the warning is lifted.`;
const original =
  'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house. Fishermen had asked for it since the storm of the year before last tore the first one away. The mayor, who was against it until last week, said the price had come down. Work begins in May, when the herring boats have gone, and is to end before the first frost.';

test.each<[label: string, said: readonly Publication[]]>([
  [
    'daily briefings',
    [
      [
        'a',
        'Your morning briefing: what to know',
        'Good morning. The ferry is full, the council meets at noon and rain comes late in the day.',
        '01T06',
      ],
      [
        'a',
        'Your morning briefing: what to know',
        'Good morning. Schools reopen, the market moves to the square and the sun stays all day long.',
        '02T06',
      ],
      [
        'b',
        'Your morning briefing',
        'Good morning. A film is shown on the pier and the tide mill opens its doors to visitors at ten.',
        '02T06',
      ],
    ],
  ],
  [
    'release notes',
    [
      [
        'a',
        'Version 2.4.1 released',
        'This release fixes a crash on start, updates the translations and mends the build on older systems.',
        '01T06',
      ],
      [
        'a',
        'Version 2.4.2 released',
        'This release fixes a leak in the cache, updates the translations and mends the build on older systems.',
        '05T06',
      ],
      [
        'b',
        'Version 2.4.2 released',
        'Our editor now knows tables, its search is faster and printing keeps the margins that you set.',
        '05T06',
      ],
    ],
  ],
  [
    'episodes under one blurb',
    [
      ['a', 'Episode 41: How to mend a net', blurb, '01T06'],
      ['a', 'Episode 42: The last lighthouse keeper', blurb, '04T06'],
      ['a', 'Episode 43: Why eels come back', blurb, '07T06'],
    ],
  ],
  [
    'earnings notices',
    [
      ['a', 'Northmill Corp sets quarterly dividend', notice('Northmill Corp', '4.2', '12'), '01T06'],
      ['a', 'Eastwick Industries sets quarterly dividend', notice('Eastwick Industries', '11.9', '35'), '01T09'],
      ['b', 'Harlan Foods sets quarterly dividend', notice('Harlan Foods', '7.1', '18'), '01T10'],
    ],
  ],
  [
    'weather alerts',
    [
      ['a', 'Gale warning in force', alert('Brackwater and the northern bays', '40'), '01T06'],
      ['a', 'Gale warning in force', alert('Ness and the southern islands', '35'), '01T06'],
      ['a', 'Gale warning in force', alert('Brackwater and the northern bays', '45'), '02T06'],
    ],
  ],
  [
    'updates of a live page as entries of their own',
    [
      ['a', 'Storm live: the bridge is closed', 'Police have closed the bridge to all traffic since half past nine.', '01T09'],
      ['a', 'Storm live: the ferry stays in port', 'The evening ferry will not sail, its master said, and the next is at noon.', '01T10'],
    ],
  ],
  [
    'an article that quotes another in three paragraphs',
    [
      ['a', 'Council votes for a second slipway', original, '01T09'],
      [
        'b',
        'What the slipway vote says about our town',
        `I have lived here for forty years and never seen the hall so full. ${original.slice(0, 280)} So much for the report. What it leaves out is how people looked at each other when the hands went up, and who stayed away. My neighbour, who mends engines, laughed aloud. An old captain wept. Nobody on the benches spoke of money, though money was all that had been spoken of for weeks, in the shops, at the pier and on the phone. A town that can agree on wood and iron may yet agree on more than that, and I for one would like to see it try before I am too old to walk up the hill.`,
        '02T09',
      ],
    ],
  ],
  [
    'a translation',
    [
      ['a', 'Council votes for a second slipway', original, '01T09'],
      [
        'b',
        'Le conseil vote une deuxième cale',
        'Le conseil du port a voté mardi, par sept voix contre quatre, la construction d’une deuxième cale à côté de l’ancienne glacière. Les pêcheurs la demandaient depuis la tempête d’il y a deux ans.',
        '01T10',
      ],
    ],
  ],
  [
    'two programmes of one broadcaster with one list of guests',
    [
      [
        'a',
        'The market at noon',
        'With us today: Ada Frost of the harbour bank, Ben Hale of the fish auction and Cleo Marsh of the shipping news, on prices and the week to come.',
        '01T12',
      ],
      [
        'a',
        'Closing bell: the whole show',
        'With us today: Ada Frost of the harbour bank, Ben Hale of the fish auction and Cleo Marsh of the shipping news, on prices and the week to come.',
        '01T13',
      ],
    ],
  ],
])('%s never fold', (_, said) => {
  expect(fold(said)).toEqual(said.map((__, no) => no));
});

test('link posts never fold by a title, which belongs to the linked page', () => {
  const said: Publication[] = [
    ['a', 'Show us your compiler for tide tables', 'Comments', '01T09'],
    ['b', 'Show us your compiler for tide tables', '', '01T10'],
  ];
  expect(fold(said, { linkPost: true })).toEqual([0, 1]);
});

test('an article folds with its copies: shortened, cut to a summary, or under another headline', () => {
  const copies: Publication[] = [
    ['a', 'Council votes for a second slipway', original, '01T09'],
    ['b', 'Council votes for a second slipway', original.slice(0, 260), '01T10'],
    ['c', 'Council votes for a second slipway', `${original.slice(0, 130)}…`, '01T11'],
    ['d', 'A second slipway for Brackwater after all', original, '01T12'],
  ];
  expect(fold(copies)).toEqual([0, 0, 0, 0]);
});

test('posts of one source without titles fold if one text came at one time, and stay apart on other days', () => {
  const post = 'The ferry to the outer islands leaves at nine today and comes back when the wind allows';
  const said = ['01T09', '01T09', '02T09'].map((time): Publication => ['a', '', post, time]);
  expect(fold(said)).toEqual([0, 0, 2]);
});

const form = (thing: string) =>
  `This is the text of the article about ${thing}, with enough words to be long enough for everything that wants a text longer than a phrase of few words.`;

test('a form that one source fills with another word each day never folds, even in a small store', () => {
  const said = ['bridges', 'castles', 'gardens'].map((thing, day): Publication => ['a', 'Page of the day', form(thing), `0${day + 1}T06`]);
  expect(new Set(fold(said)).size).toBe(3);
});

test('entries of one source in one document, with other ids and texts, never fold, whatever their dates', () => {
  const said = ['bridges', 'castles', 'gardens'].map((thing, day): Publication => ['a', `Page guide`, form(thing), `0${day + 1}T06`]);
  expect(new Set(fold(said, { firstSeenAt: new Date('2026-03-05T00:00:00Z') })).size).toBe(3);
});
