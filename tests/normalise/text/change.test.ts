import { expect, test } from 'vitest';
import { isRealChange } from '../../../src/normalise/text/change.ts';
import { hashVersion } from '../../../src/normalise/identity/text-hash.ts';
import { htmlToText } from '../../../src/normalise/text/text.ts';

const BODY =
  'The harbour council voted seven to four on Tuesday to build a second slipway beside the old ice house. Work begins in May, when the herring boats have gone.';

/** Checks whether readers are told of a change of the markup; the title is unchanged by default. */
function check(before: string, after: string, isTold: boolean, titles: readonly [string, string] = ['A slipway', 'A slipway']): void {
  const [old, now] = [before, after].map((html, n) => ({ title: titles[n] ?? '', text: htmlToText(html), html }));
  if (!old || !now) throw new Error('two versions are compared');
  const isSame = hashVersion(old.title, old.text, old.html) === hashVersion(now.title, now.text, now.html);
  expect(!isSame && isRealChange(old, now)).toBe(isTold);
}

test.each<[label: string, before: string, after: string]>([
  ['spacing and markup', `<p>${BODY}</p>`, `<div class="x">${BODY.replaceAll(' ', '\n ')}</div>`],
  ['the number of comments', `<p>${BODY}</p><p>12 Comments</p>`, `<p>${BODY}</p><p>1,347 Comments</p>`],
  ['the first comment', `<p>${BODY}</p><p>No comments yet</p>`, `<p>${BODY}</p><p>1 comment</p>`],
  ['views and likes', `<p>${BODY}</p><p>1.2k views 45 likes</p>`, `<p>${BODY}</p><p>3.4k views 101 likes</p>`],
  [
    'points of an aggregator',
    `<p>${BODY}</p><p>Points: 12</p><p># Comments: 3</p>`,
    `<p>${BODY}</p><p>Points: 77</p><p># Comments: 40</p>`,
  ],
  ['the age of the post', `<p>5 minutes ago</p><p>${BODY}</p>`, `<p>3 hours ago</p><p>${BODY}</p>`],
  [
    'the date after "updated"',
    `<p>Updated: 10 March 2026 at 14:05</p><p>${BODY}</p>`,
    `<p>Updated: 11 March 2026 at 09:12</p><p>${BODY}</p>`,
  ],
  [
    'the date after "updated" in French',
    `<p>Mis à jour le 10 mars 2026 à 14h05</p><p>${BODY}</p>`,
    `<p>Mis à jour le 11 mars 2026 à 09h12</p><p>${BODY}</p>`,
  ],
  ['reading time', `<p>4 min read</p><p>${BODY}</p>`, `<p>5 min read</p><p>${BODY}</p>`],
  [
    'a block of links to other articles',
    `<p>${BODY}</p><ul><li><a href="/1">The ferry sails</a></li><li><a href="/2">A lamp</a></li><li><a href="/3">The mill</a></li></ul>`,
    `<p>${BODY}</p><ul><li><a href="/4">Eels are back</a></li><li><a href="/5">Storm</a></li><li><a href="/6">A long night at sea</a></li></ul>`,
  ],
  ['tracking in links', `<p>${BODY} <a href="/1?utm_source=a">more</a></p>`, `<p>${BODY} <a href="/1?utm_source=b">more</a></p>`],
  ['order of attributes', `<p>${BODY}<img src="a" alt="b"></p>`, `<p>${BODY}<img alt="b" src="a"></p>`],
  ['a slip of the pen', `<p>${BODY}</p>`, `<p>${BODY.replace('herring', 'hering')}</p>`],
  ['two words put right in a long text', `<p>${BODY}</p>`, `<p>${BODY.replace('old ice house', 'olde ice howse')}</p>`],
])('readers are not told of %s', (_, before, after) => check(before, after, false));

test.each<[label: string, before: string, after: string]>([
  ['a number', `<p>${BODY} Two boats and 14 men are missing.</p>`, `<p>${BODY} Two boats and 15 men are missing.</p>`],
  ['a sentence more', `<p>${BODY}</p>`, `<p>${BODY} The mayor was against it.</p>`],
  ['a sentence less', `<p>${BODY} The mayor was against it.</p>`, `<p>${BODY}</p>`],
  ['most of a short text', '<p>The bridge is open.</p>', '<p>The bridge is closed again.</p>'],
  ['a number of people', '<p>Police say 14 people were hurt.</p>', '<p>Police say 16 people were hurt.</p>'],
])('readers are told of %s', (_, before, after) => check(before, after, true));

test('readers are told of another title, not of its counter', () => {
  check(`<p>${BODY}</p>`, `<p>${BODY}</p>`, true, ['A slipway', 'Two slipways']);
  check(`<p>${BODY}</p>`, `<p>${BODY}</p>`, false, ['A slipway (3 comments)', 'A slipway (9 comments)']);
});
