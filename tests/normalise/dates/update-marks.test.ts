import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBlocks } from '../../../src/normalise/text/blocks.ts';
import { resolveMarkTime } from '../../../src/normalise/dates/mark-time.ts';
import { htmlToText } from '../../../src/normalise/text/text.ts';
import { splitUpdates } from '../../../src/normalise/dates/update-marks.ts';

/** The date of an article and the time of its reading. By default 5 January 2020, noon UTC, read
 *  two days later. */
interface Read {
  readonly earlier?: string | null;
  readonly seen?: string;
  readonly zone?: string;
}

/** Checks the versions of `html`: the text before any update, then each mark with its instant. An
 *  `earlier` of ten characters is a date without a time. */
function check(html: string, first: string, marks: readonly (readonly [mark: string, updated: string])[], read: Read = {}): void {
  const steps = splitUpdates(html);
  const seenAt = new Date(read.seen ?? '2020-01-07T12:00Z');
  const written = read.earlier === undefined ? '2020-01-05T12:00Z' : read.earlier;
  let earlier = written === null ? null : new Date(written);
  let earlierHasTime = written?.length !== 10;
  const found = steps.slice(1).map(({ mark, when }) => {
    if (when === null) return [mark, null];
    const updated = resolveMarkTime(when, { earlier, earlierHasTime, seenAt, ...(read.zone === undefined ? {} : { zone: read.zone }) });
    [earlier, earlierHasTime] = [updated, true];
    return [mark, updated.toISOString().slice(0, 16)];
  });
  expect({ first: htmlToText(steps[0]?.html ?? ''), marks: found }).toEqual({ first, marks });
  expect(steps.at(-1)?.html).toBe(html);
}

/** Checks one mark on top of a story. */
function at(mark: string, updated: string, read: Read): void {
  check(`<p>${mark}: x</p>${story}`, base, [[mark, updated]], read);
}

/** Checks one mark on top of a story that is read long after. */
function atLater(mark: string, earlier: string, updated: string): void {
  at(mark, updated, { earlier, seen: '2021-01-01T00:00Z' });
}

const story = '<p>The bridge is shut.</p><p>Cars turn round.</p>';
const base = 'The bridge is shut.\n\nCars turn round.';
const seen = '2020-01-07T12:00';

test('an update on top reaches to the next break', () => {
  check(`<p>Update (1545ET): It opens.</p><p>Soon.</p><hr>${story}`, base, [['Update (1545ET)', '2020-01-05T20:45']]);
  check(`<div><p><b>UPDATE</b>: Open.</p><p>*&nbsp; *&nbsp; *</p>${story}</div>`, base, [['UPDATE', seen]]);
  check('UPDATE 2: Open.\n\n***\n\nThe bridge is shut.\n\nCars turn round.', base, [['UPDATE 2', seen]]);
});

test('an update on top without a break is one paragraph', () => {
  check(`<p>Updated 3:45 p.m. ET: Open.</p>${story}`, base, [['Updated 3:45 p.m. ET', '2020-01-05T20:45']]);
  check(`<h1>Bridge</h1><figure><img></figure><p>Update 15:45 GMT: Open.</p>${story}`, `Bridge\n\n${base}`, [
    ['Update 15:45 GMT', '2020-01-05T15:45'],
  ]);
  check(`Update (3 p.m.): Open.<br><br>The bridge is shut.<br><br>Cars turn round.`, base, [['Update (3 p.m.)', '2020-01-05T15:00']]);
  check(`<p><strong>Update:</strong></p><p>Open.</p>${story}`, base, [['Update', seen]]);
  check(`<h2>Update</h2><p>Open.</p>${story}`, base, [['Update', seen]]);
  check(`<div><p>Update: Open.</p><p>Yes.</p></div>${story.repeat(3)}`, [base, base, base].join('\n\n'), [['Update', seen]]);
  check(`<p>Updated at 3:45 p.m. ET</p>${story}`, base, [['Updated at 3:45 p.m. ET', '2020-01-05T20:45']]);
});

test('an update further down reaches to the next mark or the end', () => {
  check(`${story}<p>Update: Open.</p><p>Cars pass.</p>`, base, [['Update', seen]]);
  check(`${story}<hr><p>Update: Open.</p>`, base, [['Update', seen]]);
  check(`${story}<p>Update, 3 p.m.: Open.</p><p>Yes.</p><p>Update 2, 5 p.m.: Shut.</p>`, base, [
    ['Update, 3 p.m.', '2020-01-05T15:00'],
    ['Update 2, 5 p.m.', '2020-01-05T17:00'],
  ]);
});

test('marks on top are newest first, marks below are older, and numbers or full days decide if all have them', () => {
  check(`<p>Update, 5 p.m.: b</p><p>Update, 3 p.m.: a</p>${story}`, base, [
    ['Update, 3 p.m.', '2020-01-05T15:00'],
    ['Update, 5 p.m.', '2020-01-05T17:00'],
  ]);
  check(`<p>Update 2 (1700 GMT): b</p><hr><p>Update 1 (1500 GMT): a</p><hr>${story}`, base, [
    ['Update 1 (1500 GMT)', '2020-01-05T15:00'],
    ['Update 2 (1700 GMT)', '2020-01-05T17:00'],
  ]);
  check(`<p>Update 1: a</p><p>Update 2: b</p>${story}`, base, [
    ['Update 1', seen],
    ['Update 2', seen],
  ]);
  check(`<p>Update (4 p.m.): b</p>${story}<p>Correction (3 p.m.): a</p>`, base, [
    ['Correction (3 p.m.)', '2020-01-05T15:00'],
    ['Update (4 p.m.)', '2020-01-05T16:00'],
  ]);
  check(`${story}<p>Update, 6 Jan 2020: b</p><p>Update, 5 Jan 2020: a</p>`, base, [
    ['Update, 5 Jan 2020', '2020-01-05T12:00'],
    ['Update, 6 Jan 2020', '2020-01-06T00:00'],
  ]);
});

test.each<readonly [start: string, mark: string, updated: string]>([
  ['[Update, Jan 5] ', '[Update, Jan 5]', '2020-01-05T12:00'],
  ['[Update, Jan 6] ', '[Update, Jan 6]', '2020-01-06T00:00'],
  ['(Updated 3:45 p.m. ET) ', '(Updated 3:45 p.m. ET)', '2020-01-05T20:45'],
  ['Update #3 (4 p.m.): ', 'Update #3 (4 p.m.)', '2020-01-05T16:00'],
  ['UPDATE 2-', 'UPDATE 2', seen],
  ['Correction: ', 'Correction', seen],
  ['Corrected, Jan. 6: ', 'Corrected, Jan. 6', '2020-01-06T00:00'],
  ['Clarification – ', 'Clarification', seen],
  ['Editor’s Note: ', 'Editor’s Note', seen],
  ["Editors' note — ", "Editors' note", seen],
  ['🔴 UPDATE (noon ET): ', 'UPDATE (noon ET)', '2020-01-05T17:00'],
  ['<em>Update from 3 p.m.:</em> ', 'Update from 3 p.m.', '2020-01-05T15:00'],
  ['Update – Jan. 6, 2020, 3:45pm (PT): ', 'Update – Jan. 6, 2020, 3:45pm (PT)', '2020-01-06T23:45'],
  ['Update 17.30 IST: ', 'Update 17.30 IST', '2020-01-05T12:00'],
  ['Update [2020-01-06 08:00 UTC+2]: ', 'Update [2020-01-06 08:00 UTC+2]', '2020-01-06T06:00'],
  ['Updated at 3:45 p.m. ET. ', 'Updated at 3:45 p.m. ET', '2020-01-05T20:45'],
  ['Update vom 5. Januar, 15.45 Uhr MEZ: ', 'Update vom 5. Januar, 15.45 Uhr MEZ', '2020-01-05T14:45'],
  ['Anmerkung der Redaktion: ', 'Anmerkung der Redaktion', seen],
  ['Mise à jour du 5 janvier à 15h45 : ', 'Mise à jour du 5 janvier à 15h45', '2020-01-05T15:45'],
  ['Actualizado a las 15:45: ', 'Actualizado a las 15:45', '2020-01-05T15:45'],
  ['Aggiornamento delle 15:45: ', 'Aggiornamento delle 15:45', '2020-01-05T15:45'],
  ['Atualização às 15h45: ', 'Atualização às 15h45', '2020-01-05T15:45'],
  ['Bijgewerkt om 15.45 uur: ', 'Bijgewerkt om 15.45 uur', '2020-01-05T15:45'],
  ['Uppdatering kl. 15.45: ', 'Uppdatering kl. 15.45', '2020-01-05T15:45'],
  ['Rettelse: ', 'Rettelse', seen],
  ['Aktualizacja, godz. 15:45: ', 'Aktualizacja, godz. 15:45', '2020-01-05T15:45'],
  ['Обновлено в 15:45 МСК: ', 'Обновлено в 15:45 МСК', '2020-01-05T12:45'],
  ['追記（1月6日15時45分）：', '追記（1月6日15時45分）', '2020-01-06T15:45'],
  ['【午後3時半更新】', '【午後3時半更新】', '2020-01-05T15:30'],
  ['更新（北京时间23:45）：', '更新（北京时间23:45）', '2020-01-05T15:45'],
  ['编者注：', '编者注', seen],
  ['업데이트 (오후 3시 45분): ', '업데이트 (오후 3시 45분)', '2020-01-05T15:45'],
])('reads %j as a mark', (start, mark, updated) => check(`<p>${start}It opens.</p>${story}`, base, [[mark, updated]]));

test.each([
  'Update your browser: it is old.',
  'Updates on the storm: live',
  'Correction officers: a day at work',
  'Updated guidance says: stay in.',
  'Update 2.3 released',
  'Update 2.10: fixes',
  'Update 2020: what we know',
  'Update on the storm: it turns.',
  'Update 3:16 says so',
  'Updated daily',
  '“Update: it opens,” she wrote.',
  'Maj. Smith: no comment',
  'Precision farming: a guide',
  'Wait for the Update: it comes.',
  '更新日記：今日',
])('finds no mark in %j', (text) => {
  const html = `<p>${text}</p>${story}`;
  check(html, `${text}\n\n${base}`, []);
});

test('finds no mark in quotes, lists, tables and code, nor in a text of nothing but updates', () => {
  for (const name of ['blockquote', 'pre', 'aside']) check(`${story}<${name}>Update: x</${name}>`, `${base}\n\nUpdate: x`, []);
  check(`${story}<ul><li>Update: x</li></ul>`, `${base}\n\nUpdate: x`, []);
  check('<p>Update: all there is.</p>', 'Update: all there is.', []);
  check('<p>Update: a</p><hr><p>Update: b</p>', 'Update: a\n\nUpdate: b', []);
  check('', '', []);
});

test('dates a clock time by the facts known of the article', () => {
  // (a) The first such time at or after the earlier version, also past midnight.
  at('Update (0030ET)', '2020-01-06T05:30', { earlier: '2020-01-05T23:00Z' });
  at('Update (1545 GMT)', '2020-01-05T15:45', { earlier: '2020-01-05T15:45:30Z' });
  // (b) The earlier version has a date without a time.
  at('Update (1545ET)', '2020-01-05T20:45', { earlier: '2020-01-05' });
  at('Update (0300 JST)', '2020-01-05T00:00', { earlier: '2020-01-05' });
  // (c) Undated: the latest such time before the mark was seen.
  at('Update (1545ET)', '2020-01-06T20:45', { earlier: null });
  at('Update (1545ET)', '2020-01-05T20:45', { earlier: null, seen: '2020-01-06T20:44Z' });
  // (d) The mark has no time.
  at('Update', seen, { earlier: null });
  // A result is never after the mark was seen. A time that is still to come, and on the day before
  // would precede the earlier version, becomes that of the reading.
  at('Update (1545 GMT)', '2020-01-05T13:00', { earlier: '2020-01-05T12:00Z', seen: '2020-01-05T13:00Z' });
  at('Update, 9 Jan 2020, 3 p.m.', '2020-01-06T15:00', {});
  at('Update, Jan. 9', seen, {});
  at('Update, Dec. 31, 3 p.m.', '2019-12-31T15:00', { earlier: null });
  at('Update, Jan. 1', seen, {});
  at('Update (1545)', '2020-01-05T14:45', { zone: 'Europe/Paris' });
});

test('follows summer time by date', () => {
  atLater('Update (1545 EST)', '2020-07-05T12:00Z', '2020-07-05T19:45');
  atLater('Update (0900 GMT)', '2020-07-05T08:00Z', '2020-07-05T09:00');
  atLater('Update (9 a.m. BST)', '2020-07-05T07:00Z', '2020-07-05T08:00');
  // Clocks go forward on 8 March at 2 a.m., so 2:30 does not exist and becomes 3:30.
  atLater('Update (2:30 a.m. ET)', '2020-03-08T05:00Z', '2020-03-08T07:30');
  atLater('Update (11 p.m. ET)', '2020-03-08T06:00Z', '2020-03-09T03:00');
  // Clocks go back on 1 November, so the first 1:30 is meant.
  atLater('Update (1:30 a.m. ET)', '2020-11-01T04:00Z', '2020-11-01T05:30');
});

test('keeps at most the newest 24 updates as steps', () => {
  const html = `${story}${Array.from({ length: 30 }, (_, index) => `<p>Update ${index + 1}: x</p>`).join('')}`;
  expect(splitUpdates(html).map((step) => step.mark)).toEqual([null, ...Array.from({ length: 24 }, (_, index) => `Update ${index + 7}`)]);
});

test('the last step of any string is the string, and none throws', () => {
  const pieces = fc.constantFrom(
    '<p>',
    '</p>',
    '<hr>',
    '<br>',
    '<div>',
    '</div>',
    '\n\n',
    '***',
    'Update',
    ' 2',
    ': ',
    '(',
    ')',
    '[',
    ']',
    '1545ET',
    ' Jan 5',
    'x',
    '3 p.m.',
    ' – ',
    '追記',
    '29 Feb',
    '.',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
      ),
      fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') }),
      (html, seenAt) => {
        const steps = splitUpdates(html);
        expect(steps.at(-1)?.html).toBe(html);
        expect(steps[0]?.mark).toBeNull();
        expect(
          toBlocks(html)
            .map((block) => block.html)
            .join(''),
        ).toBe(html);
        const times = steps.flatMap(({ when }) =>
          when === null ? [] : [resolveMarkTime(when, { earlier: null, earlierHasTime: false, seenAt })],
        );
        expect(times.filter((time) => !(time <= seenAt))).toEqual([]);
      },
    ),
  );
});

test('a date without a time is the day in the zone in which it was read', () => {
  const when = { hour: 16, minute: 30, zone: 'Europe/Berlin', day: null };
  // Midnight of 30 November in Berlin.
  const context = { earlier: new Date('2026-11-29T23:00Z'), earlierHasTime: false, earlierZone: 'Europe/Berlin' };
  expect(resolveMarkTime(when, { ...context, seenAt: new Date('2026-11-30T18:00Z') })).toEqual(new Date('2026-11-30T15:30Z'));
  expect(resolveMarkTime(when, { ...context, seenAt: new Date('2026-11-30T14:54Z') })).toEqual(new Date('2026-11-30T14:54Z'));
});
