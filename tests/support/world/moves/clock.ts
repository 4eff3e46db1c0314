import { DAY, HOUR, MINUTE } from '../world.ts';
import type { World } from '../world.ts';
import type { Moves } from './move.ts';

/** The clock of the program's machine is set. Sources keep the right time. A world with folders has
 *  a right clock: its owner's articles come and go by it. */
export const clocks: Moves = {
  clockMinutes: ({ world }, a) => set(world, (a - 50) * MINUTE),
  clockHours: ({ world }, a) => set(world, (a - 50) * HOUR),
  clockDays: ({ world }, a) => set(world, (a - 50) * 4 * DAY),
  clockYears: ({ world }, a) => set(world, (a % 2 === 0 ? 1 : -1) * (1 + (a % 5)) * 400 * DAY),
  clockRight: ({ world }) => set(world, -world.clock.offMs),
};

function set({ clock, folders }: World, ms: number): void {
  if (ms === 0 || folders.length > 0) return;
  clock.offMs += ms;
  clock.steps.push(ms);
  clock.isEverSet = true;
}
