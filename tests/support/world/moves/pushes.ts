import { deliver } from '../hub.ts';
import { pick, publish } from '../world.ts';
import type { Moves } from './move.ts';

/** Hubs that deliver documents (WebSub): news alone, old items again, or nothing. */
export const pushes: Moves = {
  push: async ({ world, nodes }, a, b) => {
    const outlet = pick(world, a);
    const { store } = nodes.current;
    if (!outlet.isDeclared || (await store.readSources([outlet.id]))[0]?.poll.lastSuccessAt == null) return;
    if (b % 2 === 0) publish(world, outlet);
    await deliver(world, store, outlet, b % 9 === 8 ? [] : outlet.items.slice(0, 1 + (b % 3)));
  },
};
