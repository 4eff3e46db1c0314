import { change, pick, publish } from '../world.ts';
import type { Item } from '../world.ts';
import type { Moves } from './move.ts';

/** Sources that misuse what names an article: its id, link and date. */
export const names: Moves = {
  dropId: ({ world }, a, b) => change(pick(world, a), b, { guid: null }),
  renewId: ({ world }, a, b) => change(pick(world, a), b, { guid: `urn:y:${world.next++}` }),
  oneId: ({ world }, a) => all(pick(world, a).items, () => ({ guid: 'urn:x:one' })),
  positionIds: ({ world }, a) => all(pick(world, a).items, (_, index) => ({ guid: `urn:x:position-${index}` })),
  swapIds: ({ world }, a, b) => swap(pick(world, a).items, b, 'guid'),
  reuseId: ({ world }, a, b) => {
    const old = pick(world, a).items.at(b % 3);
    if (old) publish(world, pick(world, a), { guid: old.guid });
  },
  dropLink: ({ world }, a, b) => change(pick(world, a), b, { link: null }),
  moveLink: ({ world }, a, b) =>
    change(pick(world, a), b, ({ article }) => ({ link: `https://s${a}.test/${article}/moved-${world.next++}` })),
  oneLink: ({ world }, a) => all(pick(world, a).items, () => ({ link: `https://s${a}.test/news.html` })),
  swapLinks: ({ world }, a, b) => swap(pick(world, a).items, b, 'link'),
  dropDate: ({ world }, a, b) => change(pick(world, a), b, { date: null }),
  swapDates: ({ world }, a, b) => swap(pick(world, a).items, b, 'date'),
};

function all(items: Item[], said: (item: Item, index: number) => Partial<Item>): void {
  items.forEach((item, index) => (items[index] = { ...item, ...said(item, index) }));
}

function swap(items: Item[], n: number, field: 'guid' | 'link' | 'date'): void {
  const [i, j] = [n % Math.max(1, items.length), (n + 1) % Math.max(1, items.length)];
  const [one, other] = [items[i], items[j]];
  if (!one || !other || i === j) return;
  items[i] = { ...one, [field]: other[field] };
  items[j] = { ...other, [field]: one[field] };
}
