import { change, HOUR, pick, publish } from '../world.ts';
import type { Outlet } from '../world.ts';
import { changeAll, exchange } from './items.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

/** Ids that say nothing; `home` is the address of the site. */
const fillers = ['', ' ', '0', '-1', 'null', 'home'] as const;
const homeOf = ({ id }: Outlet) => `https://${id}.test/`;

/** Sources that misuse what names an article: its id and link. */
export const names: Moves = {
  dropId: ({ world }, a, b) => change(pick(world, a), b, { guid: null }),
  dropIds: ({ world }, a) => changeAll(pick(world, a), () => ({ guid: null })),
  renewId: ({ world }, a, b) => change(pick(world, a), b, { guid: `urn:y:${world.next++}` }),
  renewIds: ({ world }, a) => changeAll(pick(world, a), () => ({ guid: `urn:y:${world.next++}` })),
  restlessIds: async (life, a, b) => {
    for (let n = 0; n < 3; n++) {
      changeAll(pick(life.world, a), () => ({ guid: `urn:y:${life.world.next++}` }));
      await life.run((1 + (b % 5)) * HOUR);
    }
  },
  oneId: ({ world }, a) => changeAll(pick(world, a), () => ({ guid: 'urn:x:one' })),
  positionIds: ({ world }, a) => changeAll(pick(world, a), (_, index) => ({ guid: `urn:x:position-${index}` })),
  fillerIds: ({ world }, a, b) => {
    const outlet = pick(world, a);
    const filler = at(fillers, b);
    changeAll(outlet, () => ({ guid: filler === 'home' ? homeOf(outlet) : filler }));
  },
  linkIds: ({ world }, a) => changeAll(pick(world, a), ({ link }) => ({ guid: link })),
  swapIds: ({ world }, a, b) => exchange(pick(world, a), b, 'guid'),
  reuseId: ({ world }, a, b) => {
    const old = pick(world, a).items.at(b % 3);
    if (old) publish(world, pick(world, a), { guid: old.guid });
  },
  dropLink: ({ world }, a, b) => change(pick(world, a), b, { link: null }),
  dropLinks: ({ world }, a) => changeAll(pick(world, a), () => ({ link: null })),
  moveLink: ({ world }, a, b) =>
    change(pick(world, a), b, ({ article }) => ({ link: `https://s${a}.test/${article}/moved-${world.next++}` })),
  moveHost: ({ world }, a, b) =>
    changeAll(pick(world, a), ({ link }) => ({
      link: link === null ? null : link.replace(/^https:\/\/[^/]*/, `https://moved-${b % 3}.test`),
    })),
  moveSite: ({ world }, a) =>
    changeAll(pick(world, a), ({ article }) => ({
      guid: `urn:y:${world.next++}`,
      link: `https://moved.test/archive/${article}-${world.next++}`,
    })),
  oneLink: ({ world }, a) => changeAll(pick(world, a), () => ({ link: `https://s${a}.test/news.html` })),
  homeLinks: ({ world }, a) => changeAll(pick(world, a), () => ({ link: homeOf(pick(world, a)) })),
  swapLinks: ({ world }, a, b) => exchange(pick(world, a), b, 'link'),
  twice: ({ world }, a, b) => {
    const { items } = pick(world, a);
    const item = items[b % Math.max(1, items.length)];
    if (item) items.push(b % 2 === 0 ? item : { ...item, guid: `urn:y:${world.next++}` });
  },
};
