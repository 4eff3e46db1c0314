import { expect, test } from 'vitest';
import { dropOwnFooter } from '../../../src/normalise/identity/own-feed-loops.ts';
import { toUpdateNotes } from '../../../src/publish/documents/update-notes.ts';
import { makeRevision } from '../../support/entry.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 15, minute));
const first = makeRevision({ title: 'A', seenAt: at(0), updated: null });

function check(revisions: Parameters<typeof toUpdateNotes>[0], expected: string): void {
  expect(toUpdateNotes(revisions)).toBe(expected);
}

test('a story without revisions has no notes', () => check([first], ''));

test('each update is noted with its escaped mark or the kind of edit, newest first', () =>
  check(
    [
      first,
      makeRevision({ kind: 'mark', title: 'A', updated: at(45), seenAt: at(50), mark: 'Update (1545ET): <b> & more' }),
      makeRevision({ kind: 'edit', title: 'B', updated: null, seenAt: at(52) }),
      makeRevision({ kind: 'edit', title: 'B', updated: null, seenAt: at(53) }),
    ],
    '\n<p class="newsfold-updates">Updates: <time datetime="2026-01-05T15:53:00.000Z">2026-01-05 15:53 UTC</time> text edited; ' +
      '<time datetime="2026-01-05T15:52:00.000Z">2026-01-05 15:52 UTC</time> title edited; ' +
      '<time datetime="2026-01-05T15:45:00.000Z">2026-01-05 15:45 UTC</time> Update (1545ET): &lt;b&gt; &amp; more</p>',
  ));

test('only the newest five updates are noted', () => {
  const revisions = [first, ...Array.from({ length: 8 }, (_, n) => makeRevision({ kind: 'edit', seenAt: at(n + 1), updated: null }))];
  expect(toUpdateNotes(revisions).match(/<time /g)).toHaveLength(5);
  expect(toUpdateNotes(revisions)).toMatch(/15:08 UTC.*15:04 UTC/);
});

test('notes and the line below are dropped when Newsfold reads its own feed', () => {
  const notes = toUpdateNotes([first, makeRevision({ kind: 'mark', title: 'A', updated: at(45), mark: 'Update: <x>' })]);
  const also = '\n<p class="newsfold-also">Also published by <a href="https://b.test/">B</a></p>';
  expect(dropOwnFooter(`<p>Text.</p>${notes}${also}`)).toBe('<p>Text.</p>');
  expect(dropOwnFooter(`<p>Text.</p>${notes}`)).toBe('<p>Text.</p>');
  expect(dropOwnFooter('<p>Text.</p><p>Updates: none today</p>')).toBe('<p>Text.</p><p>Updates: none today</p>');
});
