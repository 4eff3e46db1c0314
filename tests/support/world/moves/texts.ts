import { toWords } from '../words.ts';
import { change, pick } from '../world.ts';
import type { Item, World } from '../world.ts';
import { changeAll, exchange } from './items.ts';
import type { Moves } from './move.ts';

/** Words of which no article has ever had any. */
const fresh = (world: World, { article }: Item, count: number) => toWords(article, count, 2000 + world.next++ * 50);

/** Sources that misuse titles and texts, and editors who change them. */
export const texts: Moves = {
  swapTitles: ({ world }, a, b) => exchange(pick(world, a), b, 'title'),
  untitle: ({ world }, a, b) => changeAll(pick(world, a), () => ({ title: b % 2 === 0 ? 'Untitled' : '' })),
  dropTitle: ({ world }, a, b) => change(pick(world, a), b, { title: '' }),
  titleAgain: ({ world }, a) => changeAll(pick(world, a), ({ article }) => ({ title: toWords(article, 5, 100) })),
  rewrite: ({ world }, a, b) => change(pick(world, a), b, (item) => ({ text: fresh(world, item, 40) })),
  anew: ({ world }, a, b) => change(pick(world, a), b, (item) => ({ title: fresh(world, item, 5), text: fresh(world, item, 40) })),
  putRight: ({ world }, a, b) =>
    change(pick(world, a), b, (item) => {
      const words = item.text.split(' ');
      return { text: [...words.slice(0, 5), fresh(world, item, 6), ...words.slice(11)].join(' ') };
    }),
  // The text of the beginning returns, whatever was put right since.
  putBack: ({ world }, a, b) => change(pick(world, a), b, ({ article }) => ({ text: toWords(article, 40) })),
  slip: ({ world }, a, b) => change(pick(world, a), b, (item) => ({ text: item.text.replace(/^(?:\S+)/, () => fresh(world, item, 1)) })),
  number: ({ world }, a, b) => change(pick(world, a), b, ({ text }) => ({ text: `${text.replace(/ \d+$/, '')} ${1000 + world.next++}` })),
  respace: ({ world }, a, b) => change(pick(world, a), b, ({ text }) => (text === '' ? {} : { text: `<p>${text}</p>` })),
  cutTexts: ({ world }, a) => changeAll(pick(world, a), ({ text }) => ({ text: text.split(' ').slice(0, 10).join(' ') })),
  wholeTexts: ({ world }, a) => changeAll(pick(world, a), ({ article }) => ({ text: toWords(article, 40) })),
  dropText: ({ world }, a, b) => change(pick(world, a), b, { text: '' }),
  dropTexts: ({ world }, a) => changeAll(pick(world, a), () => ({ text: '' })),
  mark: ({ world }, a, b) =>
    change(pick(world, a), b, (item) => {
      const time = `${String(world.now.getUTCHours()).padStart(2, '0')}${String(world.now.getUTCMinutes()).padStart(2, '0')}`;
      return { text: `<p>Update (${time}UTC): ${fresh(world, item, 12)}</p><hr><p>${item.text}</p>` };
    }),
};
