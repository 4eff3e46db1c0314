import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../support/bench.ts';
import type { Workbench } from '../support/bench.ts';

// A breaking-news article as newsrooms keep it: a headline, an update on top that ends with a row
// of stars, the story below.
const HEADLINE = 'Parliament Votes To Close The Strait Bridge As Dockers Block The Quay';
const UPDATE =
  'Update (1545ET): The transport ministry has voiced its "regret" over the vote to close the bridge. An adviser to the prime minister told this desk, however, that nobody should draw quick conclusions from it.';
const QUOTES = [
  'The bill still needs the signature of a minister who has resigned already.',
  '"It is a win for the northern towns, and no more than that," the adviser told me.',
];
const SECOND =
  'Update 2 (1730ET): The dockers have lifted their blockade after talks at the town hall, and the first two ferries left the quay before dusk with lorries from both shores.';
const STORY = [
  'If the governor wanted fewer lorries on the strait, he may have his wish now, though hardly in the way that he had planned it.',
  'In an emergency session this morning the parliament voted by ninety to forty to close the bridge to all heavy traffic until its piers have been surveyed.',
  'The acting prime minister, Anselm Korbel, said in the session that while the harbour office had warned of the cracks in spring, his government had been refused the money for the survey.',
  'As the Morning Courier reports, Korbel said after the vote that a closed bridge was in the interest of both shores, since nobody wanted to see it fall.',
  '"Whatever trouble we may face at home and abroad, it remains the best for the strait, in principle and in practice."',
  'While the members voted, some two hundred dockers stood on the quay with banners and kept the ferries from leaving.',
  'The ferry company, which had hoped to carry what the bridge no longer can, sent its passengers home in buses.',
];
const paragraphs = (...lines: readonly string[]) => lines.map((line) => `<p>${line}</p>`).join('\n');
const withoutUpdate = paragraphs(...STORY);
const asFile = (...updates: readonly (readonly string[])[]) =>
  [HEADLINE, ...updates.flatMap((update) => [...update, '*  *  *']), ...STORY].join('\n\n');

const QUOTING = paragraphs(
  'What a closed bridge does to a small harbour can be seen in Lower Hallen, where the fish market has lost a third of its buyers since the spring storms.',
  'The owner of its oldest stall keeps a ledger of the lorries that stop there: forty a day in March, twenty six in June, nine last week.',
  'She is not surprised by the news from the capital, which she had printed out and pinned above the scales:',
  ...STORY.slice(1, 4),
  'Nobody in Lower Hallen knows how long a survey takes. The last one, thirty years ago, needed two summers and a diver from the mainland.',
  'Until then the market opens an hour later, and the ice comes by boat, as it did when her mother sold herring here.',
  'Two of the younger sellers have taken work at the cannery on the other shore, and come home on Fridays only.',
  'The mayor has asked for a bus. It would have to take the long way round the bay, which is sixty kilometres on a bad road.',
);
const TRANSLATED = paragraphs(
  'Wollte der Gouverneur weniger Lastwagen über dem Sund, so hat er nun vielleicht seinen Willen, wenn auch kaum so, wie er es geplant hatte.',
  'In einer Dringlichkeitssitzung stimmte das Parlament heute Morgen mit neunzig gegen vierzig dafür, die Brücke für allen schweren Verkehr zu sperren, bis ihre Pfeiler untersucht sind.',
  'Der amtierende Ministerpräsident Anselm Korbel sagte in der Sitzung, das Hafenamt habe im Frühjahr vor den Rissen gewarnt, seiner Regierung sei aber das Geld für die Untersuchung verweigert worden.',
  'Während die Abgeordneten stimmten, standen zweihundert Hafenarbeiter mit Transparenten am Kai und hielten die Fähren auf.',
);

const day = '2026-03-09';

/** Declares a feed that has this or another article under an address of its own. */
function copy(bench: Workbench, name: string, title: string, html: string) {
  return declare('file', bench.write(`${name}.xml`, rss(`https://${name}.test/`, [[title, `https://${name}.test/1`, html, `${name}1`]])), {
    id: name,
  });
}

test('an article and its older, newer, shortened or retitled copies are one story; a quotation or translation stays apart', async () => {
  await using bench = await openWorkbench();
  bench.write('desk/bridge.txt', asFile([UPDATE, ...QUOTES]));
  const desk = declare('articles', `${bench.folder}/desk`, { id: 'desk', priority: 90 });
  await bench.run([desk]);
  const [first] = await bench.stories();
  expect(first?.revisions.map(({ kind, mark }) => [kind, mark])).toEqual([
    ['first', null],
    ['mark', 'Update (1545ET)'],
  ]);
  bench.now = new Date(bench.now.getTime() + 3_600_000);
  const sources = [
    desk,
    copy(bench, 'plain', HEADLINE, withoutUpdate),
    copy(bench, 'twice', HEADLINE, `${paragraphs(SECOND)}<hr>${paragraphs(UPDATE, ...QUOTES)}<hr>${withoutUpdate}`),
    copy(bench, 'short', HEADLINE, `${STORY.slice(0, 2).join(' ').slice(0, 260)}…`),
    copy(bench, 'headline', 'Strait bridge shut to lorries after morning vote', withoutUpdate),
    copy(bench, 'quoting', 'A fish market counts its lorries', QUOTING),
    copy(bench, 'german', 'Parlament stimmt für Sperrung der Sundbrücke', TRANSLATED),
  ];
  const report = await bench.run(sources);
  expect(report.problems).toEqual([]);
  const stories = await bench.stories();
  expect(stories.map(({ members }) => members.map(({ source }) => source.id).toSorted()).toSorted((a, b) => b.length - a.length)).toEqual([
    ['desk', 'headline', 'plain', 'short', 'twice'],
    ['german'],
    ['quoting'],
  ]);
  const story = stories.find(({ members }) => members.length > 1);
  expect(story?.id).toBe(first?.id);
  // A later member does not move the date of the story.
  expect(story?.updated).toEqual(first?.updated);
  expect(story?.revisions.map(({ kind }) => kind)).toEqual(['first', 'mark']);
});

test('an article that grows by two updates is one entry with three versions, each at its own time', async () => {
  await using bench = await openWorkbench();
  const desk = declare('articles', `${bench.folder}/desk`, { id: 'desk' });
  const seen: (string | undefined)[] = [];
  const ids = new Set<string | undefined>();
  for (const [time, updates] of [
    ['T18:00:00Z', []],
    ['T21:00:00Z', [[UPDATE, ...QUOTES]]],
    ['T23:00:00Z', [[SECOND], [UPDATE, ...QUOTES]]],
    ['T23:50:00Z', [[SECOND], [UPDATE, ...QUOTES]]],
  ] as const) {
    bench.now = new Date(`${day}${time}`);
    bench.write(`desk/${day}-bridge.txt`, asFile(...updates));
    await bench.run([desk]);
    const [story] = await bench.stories();
    ids.add(story?.id);
    seen.push(story?.updated.toISOString());
  }
  const [story, ...others] = await bench.stories();
  expect(others).toEqual([]);
  expect(ids.size).toBe(1);
  expect(story?.revisions.map(({ kind, mark }) => [kind, mark])).toEqual([
    ['first', null],
    ['mark', 'Update (1545ET)'],
    ['mark', 'Update 2 (1730ET)'],
  ]);
  // New York is four hours behind UTC from the second Sunday of March on.
  expect(seen.slice(1)).toEqual([`${day}T19:45:00.000Z`, `${day}T21:30:00.000Z`, `${day}T21:30:00.000Z`]);
  expect(story?.revisions.map(({ text }) => [text?.includes('regret'), text?.includes('lifted')])).toEqual([
    [false, false],
    [true, false],
    [true, true],
  ]);
});
