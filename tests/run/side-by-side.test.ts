import { expect, test } from 'vitest';
import { DAY, openHistory } from '../support/history.ts';

const guide = (thing: string, who: string) =>
  `The harbour office lists what visitors of the old port can do with ${thing} this season. ${who} ` +
  'Boats leave the north quay at nine, at noon ' +
  'and at four, and the last one comes back before the lamps are lit. Tickets are sold at the kiosk below the clock, where the keeper ' +
  'also lends blankets, whistles and a map of the sandbanks. Children under six travel free when somebody holds their hand on the ramp. ' +
  'Dogs are welcome on the upper deck, bicycles on the lower one, and nobody may feed the gulls between the two lighthouses. Those who ' +
  'want to stay for the night find rooms at the ropery, with a stove and a view of the slipway, and breakfast at the long table.';

const titles = ['Guide to the old harbour: ferries', 'Guide to the old harbour: markets'] as const;

test.each([
  ['stand in one document are two', true, 2],
  ['follow one another, one gone when the next comes, are versions', false, 1],
])('two nearly equal entries of one source that %s', async (_, isBeside, count) => {
  await using history = await openHistory();
  const toGuide = (at: number, name: string, thing: string, who: string) => ({
    name,
    title: titles[at] ?? '',
    text: guide(thing, who),
    date: history.ago(0),
  });
  const first = toGuide(0, 'ferries', 'the ferries', 'Ask the pilots for the best seats at the rail.');
  await history.run([history.toSource('a', [first])]);
  history.pass(DAY);
  const second = toGuide(1, 'markets', 'the markets', 'Bakers and smiths have their stalls below the arches.');
  await history.run([history.toSource('a', isBeside ? [second, first] : [second])]);
  expect(await history.bench.stories()).toHaveLength(count);
});
