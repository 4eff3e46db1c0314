/** An item of a generated feed. */
export interface TownItem {
  readonly title: string;
  readonly link: string;
  /** HTML. */
  readonly text: string;
  /** RFC 822. */
  readonly date: string;
}

/** Returns a feed of these items, their texts unchanged. */
export function toFeedFile(title: string, home: string, language: string, items: readonly TownItem[]): string {
  const written = items.map(
    ({ title: name, link, text, date }) =>
      `<item><title><![CDATA[${cdata(name)}]]></title><link>${link}</link><guid>${link}</guid><pubDate>${date}</pubDate><description><![CDATA[${cdata(text)}]]></description></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>${title}</title><link>${home}</link><description>d</description><language>${language}</language>${written.join('\n')}</channel></rss>`;
}

/** A CDATA section ends at its first `]]>`. */
function cdata(text: string): string {
  return text.replaceAll(']]>', ']]]]><![CDATA[>');
}

const bridge = `The old chain bridge over the Wend was closed to lorries at noon after a routine inspection found a cracked hanger on the northern side.
Engineers said the crack was no longer than a finger but had not been there in spring. Cars and bicycles may still cross in one lane while a crew from
the capital takes measurements through the night.`;

/** Returns the time `n` minutes before noon on the day of all test data. */
function at(minutes: number): string {
  return new Date(Date.UTC(2026, 10, 20, 12) - minutes * 60_000).toUTCString();
}

const gazette = toFeedFile('The Wend Gazette', 'https://gazette.example/', 'en', [
  {
    title: 'Chain bridge closed to lorries after crack is found',
    link: 'https://gazette.example/bridge',
    text: `<p>${bridge}</p>`,
    date: at(10),
  },
  {
    title: 'Market returns to the square',
    link: 'https://gazette.example/market',
    text: `<h4>What is sold</h4><p>Forty stalls with <a href="/list">cheese, knives and seed</a>.</p><table><tr><th>Day</th><th>Stalls</th></tr><tr><td>Monday</td><td>40</td></tr></table><p><img src="https://pictures.example/stall.jpg" width="640" height="480"></p><pre>${'a long line '.repeat(40)}</pre>`,
    date: at(20),
  },
]);

const radio = toFeedFile('Radio Wend', 'https://radio.example/', 'en', [
  {
    title: 'Lorries barred from chain bridge after crack is found',
    link: 'https://radio.example/1',
    text: `<p>${bridge} The mayor asked hauliers to take the ring road.</p>`,
    date: at(5),
  },
]);

const world = [
  toFeedFile('صحيفة النهر', 'https://nahr.example/', 'ar', [
    {
      title: 'عودة السوق إلى الساحة القديمة',
      link: 'https://nahr.example/1',
      text: '<p>عاد السوق الأسبوعي إلى الساحة القديمة بعد غياب دام ثلاثة أعوام، وقال الباعة إن الزبائن جاؤوا قبل الفجر.</p>',
      date: at(30),
    },
  ]),
  toFeedFile('河畔日报', 'https://hepan.example/', 'zh-Hans', [
    {
      title: '旧港口重新开放',
      link: 'https://hepan.example/1',
      text: '<p>经过两年的修缮，旧港口今天重新开放。渔民们说，潮水还是从前的潮水。</p>',
      date: at(40),
    },
  ]),
];

/** Fillers for a second page. */
const wire = toFeedFile(
  'County Wire',
  'https://wire.example/',
  'en',
  Array.from({ length: 60 }, (_, index) => ({
    title: `Parish ${index + 1} counts its ${['oaks', 'ponds', 'wells', 'gates', 'bells'][index % 5]}`,
    link: `https://wire.example/${index + 1}`,
    text: `<p>The count in parish number ${index + 1} took ${index + 3} days and ${index * 7 + 11} volunteers, who wore out ${index + 2} pairs of boots.</p>`,
    date: at(60 + index * 30),
  })),
);

/** A small town's planet: a folded story, a story with several versions, scripts from right to left
 *  and without spaces, and several pages of stories. */
export const town: Readonly<Record<string, string>> = {
  'newsfold.yaml': `site:
  title: Wend Planet
  url: $URL
  description: What the town on the Wend says
  language: en
store: sqlite:town.db
server: { token: town-token }
sources:
  - { id: desk, articles: articles, title: The planet desk, tags: [own], priority: 90 }
  - { id: gazette, file: gazette.xml, tags: [press] }
  - { id: radio, file: radio.xml, tags: [press] }
  - { id: nahr, file: nahr.xml }
  - { id: hepan, file: hepan.xml }
  - { id: wire, file: wire.xml, tags: [county] }
  - { id: broken, file: broken.xml, title: A broken one }
feeds:
  - { slug: all, title: Wend Planet }
  - { slug: press, title: The press, tags: [press] }
`,
  'articles/2026-11-20-flood-gate.txt': `Flood gate holds in the night

Update (1130 GMT): The gate was opened again at eleven. Nobody was hurt, and seven cellars are being pumped dry.

* * *

The flood gate at the mill was shut at two in the morning when the river stood a hand below the quay.

Three cellars in Rope Lane took water before the sandbags came.
`,
  'gazette.xml': gazette,
  'radio.xml': radio,
  'nahr.xml': world[0] ?? '',
  'hepan.xml': world[1] ?? '',
  'wire.xml': wire,
  'broken.xml': 'This is no feed.\n',
};
