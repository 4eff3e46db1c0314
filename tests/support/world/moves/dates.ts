import { change, DAY, HOUR, MINUTE, pick } from '../world.ts';
import { changeAll, exchange } from './items.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

/** Dates that no clock of an editor writes. */
const strange = ['2099-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '2001-01-01T00:00:00Z'];

/** Sources that misuse dates. */
export const dates: Moves = {
  dropDate: ({ world }, a, b) => change(pick(world, a), b, { date: null }),
  dropDates: ({ world }, a) => changeAll(pick(world, a), () => ({ date: null })),
  giveDate: ({ world }, a, b) => change(pick(world, a), b, { date: new Date(world.now.getTime() - b * HOUR) }),
  swapDates: ({ world }, a, b) => exchange(pick(world, a), b, 'date'),
  oneDate: ({ world }, a) => changeAll(pick(world, a), () => ({ date: new Date(world.now.getTime() - 2 * DAY) })),
  strangeDate: ({ world }, a, b) => change(pick(world, a), b, { date: new Date(at(strange, b)) }),
  strangeDates: ({ world }, a, b) => changeAll(pick(world, a), () => ({ date: new Date(at(strange, b)) })),
  // A source that publishes its whole archive again under new dates.
  redate: ({ world }, a) => changeAll(pick(world, a), (_, index) => ({ date: new Date(world.now.getTime() - index * MINUTE) })),
  // Each document says that everything was published at the time of the request.
  requestDates: async (life, a, b) => {
    for (let n = 0; n < 3; n++) {
      const passed = (1 + (b % 5)) * HOUR;
      changeAll(pick(life.world, a), () => ({ date: new Date(life.world.now.getTime() + passed) }));
      await life.run(passed);
    }
  },
};
