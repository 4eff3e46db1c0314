import { toWords } from '../words.ts';
import { change, HOUR, MINUTE, openOutlet, pick, publish } from '../world.ts';
import type { OutletFormat } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

const formats: readonly OutletFormat[] = ['rss', 'atom', 'json', 'rdf'];

export const ordinary: Moves = {
  twin: (life, a) => {
    if (a < 50) life.wantsTwin = true;
  },
  run: (life, a) => life.run((a + 1) * 7 * MINUTE),
  wait: (life, a) => life.run((a + 1) * HOUR),
  write: ({ world }, a, b) => repeat(1 + (b % 3), () => publish(world, pick(world, a))),
  writeUndated: ({ world }, a) => publish(world, pick(world, a), { date: null }),
  revise: ({ world }, a, b) =>
    change(pick(world, a), b, (item) => ({ text: `${item.text} ${toWords(item.article, 20, world.next++ * 20)}` })),
  retitle: ({ world }, a, b) => change(pick(world, a), b, ({ article }) => ({ title: toWords(article, 5, 1000 + world.next++ * 5) })),
  open: ({ world }, a) => openOutlet(world, at(formats, a)),
};

function repeat(count: number, work: () => unknown): void {
  for (let n = 0; n < count; n++) work();
}
