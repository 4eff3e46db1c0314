import { toWords } from '../words.ts';
import { DAY, HOUR, pick, publish } from '../world.ts';
import type { Item, World } from '../world.ts';
import type { Move, Moves } from './move.ts';

/** Makes a move of which source `b` copies the first article of source `a`. */
function toMove(said: (original: Item) => Partial<Item>): Move {
  return ({ world }, a, b) => {
    const original = pick(world, a).items[0];
    if (!original || pick(world, a) === pick(world, b)) return;
    join(world, publish(world, pick(world, b), said(original)), original);
  };
}

function join(world: World, copy: Item, original: Item): void {
  world.copies.set(copy.article, original.article);
}

/** Sources that copy the articles of others. */
export const copies: Moves = {
  copy: toMove(({ text }) => ({ text })),
  syndicate: toMove(({ link, title, text, date }) => ({ link, title, text, date })),
  copyTitle: toMove(({ title, text }) => ({ title, text })),
  copyGuid: toMove(({ guid, link, title, text, date }) => ({ guid, link, title, text, date })),
  byline: toMove(({ title, text }) => ({ title, text: `By our own reporter in the harbour. ${text}` })),
  teaser: toMove(({ link, title, text }) => ({ link, title, text: `${text.split(' ').slice(0, 20).join(' ')} Read on` })),
  headline: toMove(({ title }) => ({ title, text: '' })),
  // A series: no copy.
  sameTitle: ({ world }, a, b) => {
    const { items } = pick(world, a);
    const before = items[b % Math.max(1, items.length)];
    if (before) publish(world, pick(world, a), { title: before.title });
  },
  // The copy comes a run before its original, which has the earlier date.
  copyFirst: async (life, a, b) => {
    const { world } = life;
    if (pick(world, a) === pick(world, b)) return;
    const article = world.next;
    const copy = publish(world, pick(world, b), { title: toWords(article, 5, 100) });
    const { title, text } = copy;
    await life.run(2 * HOUR);
    join(world, publish(world, pick(world, a), { title, text, date: new Date(world.now.getTime() - DAY) }), copy);
  },
};
