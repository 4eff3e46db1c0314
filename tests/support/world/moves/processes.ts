import type { Moves } from './move.ts';

/** Deaths and restarts of the program. */
export const processes: Moves = {
  kill: ({ world }, a, b) => (world.killAfter = a + b),
  restart: (life) => life.restart(),
};
