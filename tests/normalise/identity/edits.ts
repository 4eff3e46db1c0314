import { article, makeText } from './histories.ts';
import type { History, Shown } from './histories.ts';

type Edit = (one: Shown, version: number) => Shown;

const later = (date: string | undefined, hours: number) =>
  date === undefined ? undefined : new Date(new Date(date).getTime() + hours * 3_600_000).toISOString();

/** Changes by an editor or by software to an article that stays the same article. */
const edits: Readonly<Record<string, Edit>> = {
  'its title is corrected': (one) => ({ ...one, title: `${one.title ?? ''}, corrected` }),
  'its title is another': (one, n) => ({ ...one, title: `A quite different headline, number ${['one', 'two', 'three'][n]}` }),
  'its text is rewritten': (one, n) => ({ ...one, text: makeText(String.fromCodePoint(80 + n)) }),
  'its text grows': (one, n) => ({ ...one, text: `${one.text ?? ''} And ${n} more things were said that day, by all who were there.` }),
  'its date is bumped': (one, n) => ({ ...one, date: later(one.date, 50 * n) }),
  'its date moves by an hour': (one, n) => ({ ...one, date: later(one.date, n) }),
  'its address moves': (one, n) => ({ ...one, link: `https://a.test/moved-${n}/${one.name}` }),
  'its address is https now': (one, n) => ({ ...one, link: one.link?.replace('https:', n % 2 === 1 ? 'http:' : 'https:') }),
  'its address ends in a slash': (one, n) => ({ ...one, link: `${one.link ?? ''}${n % 2 === 1 ? '/' : ''}` }),
  'its address is tracked': (one, n) => ({ ...one, link: `${one.link ?? ''}?utm_source=${n}` }),
  'its address has a session': (one, n) => ({ ...one, link: `${one.link ?? ''}?sid=${n}` }),
  'its id changes': (one, n) => ({ ...one, guid: `urn:other:${n}:${one.name}` }),
  'its id is a hash of its title, which is corrected': (one, n) => ({
    ...one,
    guid: `hash-${n}-${one.name}`,
    title: `${one.title ?? ''} ${'!'.repeat(n)}, put right`,
  }),
  'its title changes and its text grows': (one, n) => ({
    ...one,
    title: `Live, hour ${['one', 'two', 'three'][n]}: all that happens`,
    text: `<p>Update (1${n}45ET): ${makeText(String.fromCodePoint(80 + n))}</p><hr>${one.text ?? ''}`,
  }),
  'its title and its address change': (one, n) => ({
    ...one,
    title: `${one.title ?? ''}, now`,
    link: `https://a.test/renamed-${n}-${one.name}`,
  }),
  'its title changes and its date is bumped': (one, n) => ({ ...one, title: `${one.title ?? ''}, again`, date: later(one.date, 50 * n) }),
};

/** The fields that a source gives of an article. */
const shapes: Readonly<Record<string, { readonly keep: (keyof Shown)[]; readonly not: RegExp }>> = {
  'id, link, title, date and text': { keep: ['guid', 'link', 'title', 'date', 'text'], not: /^$/ },
  'no id': { keep: ['link', 'title', 'date', 'text'], not: /its id/ },
  'no link': { keep: ['guid', 'title', 'date', 'text'], not: /address/ },
  'no date': { keep: ['guid', 'link', 'title', 'text'], not: /date/ },
  'no text': { keep: ['guid', 'link', 'title', 'date'], not: /text/ },
  'no title': { keep: ['guid', 'link', 'date', 'text'], not: /title/ },
  'neither id nor date': { keep: ['link', 'title', 'text'], not: /id changes|its id|date/ },
  'neither date nor text': { keep: ['guid', 'link', 'title'], not: /date|text/ },
  'neither link nor text': { keep: ['guid', 'title', 'date'], not: /address|text|its id|title is another|title changes/ },
  'id and text alone': { keep: ['guid', 'text'], not: /address|title|date|rewritten|its id/ },
  'neither id nor link': { keep: ['title', 'date', 'text'], not: /its id|address/ },
};

/** Yields every edit of sources of every shape: of one article of three, of all three, and of a
 *  single article. */
export function* allEdits(): Generator<History> {
  let count = 0;
  const formats = ['rss', 'atom', 'json'] as const;
  for (const [shape, { keep, not }] of Object.entries(shapes))
    for (const [edit, change] of Object.entries(edits)) {
      if (not.test(edit)) continue;
      for (const [names, edited] of [
        ['CBA', 'B'],
        ['CBA', 'CBA'],
        ['A', 'A'],
      ] as const) {
        const show = (version: number) =>
          Array.from(names).map((name) => {
            const whole = Object.fromEntries(
              Object.entries(article(name)).filter(([key]) => key === 'name' || keep.includes(key as keyof Shown)),
            );
            const one = whole as unknown as Shown;
            return version > 0 && edited.includes(name) ? change(one, version) : one;
          });
        const name = `${shape}; ${edit}; ${edited} of ${names}`;
        yield { name, format: formats[count++ % 3] ?? 'rss', versions: [show(0), show(1), show(2)] };
      }
    }
}
