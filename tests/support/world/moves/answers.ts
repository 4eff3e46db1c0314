import { documentOf } from '../server.ts';
import { HOUR, openOutlet, pick } from '../world.ts';
import type { OutletFormat, Spelling } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

const formats: readonly OutletFormat[] = ['rss', 'atom', 'json', 'rdf'];
const spellings: readonly Spelling[] = ['curly', 'straight', 'paragraphs', 'cdata', 'entities', 'bold'];

/** Servers that save work, move, and name things in odd ways. */
export const answers: Moves = {
  tag: ({ world }, a, b) => (pick(world, a).etag = at(['hash', 'constant', 'fresh', 'none'] as const, b)),
  delta: ({ world }, a, b) => (pick(world, a).delta = at(['honest', 'none', 'honest', 'whole', 'forgetful'] as const, b)),
  fresh: ({ world }, a, b) => (pick(world, a).freshMs = (b % 4) * HOUR),
  redirect: ({ world }, a, b) => {
    const outlet = pick(world, a);
    const to = `https://${outlet.id}-${world.next++}.test/feed`;
    outlet.moved = b % 3 === 0 ? null : { to, isPermanent: b % 3 === 1 };
  },
  shorten: ({ world }, a, b) => {
    const outlet = pick(world, a);
    outlet.window = 1 + (b % 12);
    outlet.gone.push(...outlet.items.splice(outlet.window));
  },
  respell: ({ world }, a, b) => (pick(world, a).spelling = at(spellings, b)),
  mislabel: ({ world }, a, b) => (pick(world, a).label = at(['right', 'none', 'latin1', 'gbk'] as const, b)),
  openPage: ({ world }, a) => openOutlet(world, at(formats, a), { kind: 'page' }),
  /** The document of a page moves; its former address is not found. */
  moveDocument: ({ world }, a) => {
    const outlet = pick(world, a);
    if (outlet.kind === 'page') outlet.path = `feed-${world.next++}`;
    return documentOf(outlet);
  },
};
