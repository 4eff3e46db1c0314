import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';

const HOUR = 3_600_000;

/** Documents after real feeds whose items have one link and no id, newest last. */
const forms: readonly (readonly [name: string, items: readonly (readonly [title: string, text: string])[]])[] = [
  [
    'releases of a tool',
    [
      ['Weft 1.4 released', 'A new release of the loom is out, with a faster shuttle and many repairs by its users.'],
      ['WeftOps 1.4 released', 'A new release of the warping mill is out, with more reels and many repairs by its users.'],
      ['Weft 1.5 released', 'A new release of the loom is out, with a softer brake and many repairs by its users.'],
    ],
  ],
  [
    'notices of a waterworks',
    [
      ['Aviso: corte de agua', 'Mañana no habrá agua en la calle Mayor entre las nueve y las once por obras en la tubería.'],
      ['Aviso: corte de agua', 'El jueves no habrá agua en la calle Nueva entre las dos y las cuatro por obras en la bomba.'],
      ['Aviso: nueva tarifa', 'La tarifa del agua sube en enero, y el ayuntamiento explica los motivos el lunes en el mercado.'],
    ],
  ],
  [
    'jobs of a school',
    [
      ['Neue Stelle: Gärtner', 'Wir suchen ab sofort eine Person für den Garten der Schule, mit Liebe zu alten Sorten.'],
      ['Neue Stelle: Köchin', 'Wir suchen ab sofort eine Person für die Küche der Schule, mit Liebe zu alten Rezepten.'],
      ['Neue Stelle: Hausmeister', 'Wir suchen ab sofort eine Person für das Haus der Schule, mit Liebe zu alten Öfen.'],
    ],
  ],
  [
    'menus of a canteen',
    [
      ['本日の献立', '給食は焼き魚と豆腐の味噌汁、ほうれん草のおひたしです。'],
      ['明日の献立', '給食は鶏の唐揚げとわかめの味噌汁、かぼちゃの煮物です。'],
      ['来週の献立', '給食は豚汁とさつまいもの天ぷら、白菜の漬物が出ます。'],
    ],
  ],
];

test.each(forms)('items with one link fold only with versions of themselves: %s', async (_, items) => {
  const toSource = (folder: { readonly write: (path: string, text: string) => string }, shown: typeof items) =>
    declare(
      'file',
      folder.write(
        'a.xml',
        rss(
          'https://x.test/',
          shown.map(([title, text]) => [title, 'https://x.test/news.html', text]),
        ),
      ),
      { id: 'a' },
    );
  await using atOnce = await openWorkbench();
  await atOnce.run([toSource(atOnce, items)]);
  expect((await atOnce.stories()).length).toBe(items.length);
  await using oneByOne = await openWorkbench();
  for (let count = 1; count <= items.length; count++) {
    await oneByOne.run([toSource(oneByOne, items.slice(0, count).toReversed())]);
    oneByOne.now = new Date(oneByOne.now.getTime() + 30 * HOUR);
  }
  expect((await oneByOne.stories()).length).toBe(items.length);
  // A true version has its title, and most of its text.
  const [last = ['', '']] = items.slice(-1);
  const revised = [...items.slice(0, -1), [last[0], `${last[1]} More of it follows on Monday.`] as const];
  await oneByOne.run([toSource(oneByOne, revised.toReversed())]);
  const stories = await oneByOne.stories();
  expect(stories.length).toBe(items.length);
  expect(stories.filter(({ revisions }) => revisions.length > 1).map(({ lead }) => lead.entry.revision.title)).toEqual([last[0]]);
});
