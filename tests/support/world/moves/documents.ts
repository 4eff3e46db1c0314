import { HOUR, pick, publish } from '../world.ts';
import type { Mood, OutletFormat } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

const formats: readonly OutletFormat[] = ['rss', 'atom', 'json', 'rdf'];
const moods: readonly Mood[] = ['cut', 'none', 'empty', 'page', '304', '404', '429', '503', 'hang', 'bytes'];

/** Documents that lose, bring back and reorder items, change their form, or do not come. */
export const documents: Moves = {
  vanish: ({ world }, a, b) => {
    const outlet = pick(world, a);
    outlet.gone.push(...outlet.items.splice(b % Math.max(1, outlet.items.length), 1));
  },
  comeBack: ({ world }, a, b) => {
    const outlet = pick(world, a);
    outlet.items.push(...outlet.gone.splice(b % Math.max(1, outlet.gone.length), 1));
  },
  turnOver: ({ world }, a) => (pick(world, a).items = pick(world, a).items.toReversed()),
  footer: ({ world }, a, b) => (pick(world, a).template = b % 2 === 0 ? 'Subscribe to our letter and read on at home.' : ''),
  reformat: ({ world }, a, b) => (pick(world, a).format = at(formats, b)),
  recode: ({ world }, a, b) => (pick(world, a).charset = at(['utf-8', 'utf-16le', 'windows-1252'] as const, b)),
  fail: ({ world }, a, b) => (pick(world, a).mood = at(moods, b)),
  // More is new than the part that came.
  breakOff: async (life, a, b) => {
    const outlet = pick(life.world, a);
    for (let n = 0; n < 8; n++) publish(life.world, outlet);
    outlet.mood = 'cut';
    await life.run((1 + (b % 9)) * HOUR);
    outlet.mood = 'ok';
  },
  mend: ({ world }, a) => (pick(world, a).mood = 'ok'),
};
