import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { htmlToText } from '../../../src/normalise/text/text.ts';
import { parseFullText } from '../../../src/parse/full-text/full-text.ts';

/** A page of tests/data/pages, written for this test, with the title and text of its entry. */
interface Case {
  readonly page: string;
  readonly title: string;
  readonly text?: string;
  readonly contentType?: string | null;
}

interface Expected {
  readonly first: string;
  readonly last: string;
  readonly has?: readonly string[];
  readonly hasNot?: readonly string[];
}

const LINK = 'https://site.example/2026/05/the-story.html';

function read({ page, title, text = '', contentType = 'text/html' }: Case) {
  const bytes = readFileSync(join(import.meta.dirname, '../../data/pages', `${page}.html`));
  return parseFullText({ bytes, contentType, url: LINK }, { title, text, url: LINK });
}

/** Expects the first and last words of the page's text. */
function check(input: Case, expected: Expected): void {
  const result = read(input);
  if (result.kind === 'refused') throw new Error(`${result.problem.code}: ${result.problem.message}`);
  const text = htmlToText(result.html);
  expect(text.slice(0, expected.first.length)).toBe(expected.first);
  expect(text.slice(-expected.last.length)).toBe(expected.last);
  for (const part of expected.has ?? []) expect(result.html).toContain(part);
  for (const part of expected.hasNot ?? []) expect(result.html).not.toContain(part);
}

const articles: readonly (readonly [Case, Expected])[] = [
  [
    {
      page: 'blog',
      title: 'Mending a dry stone wall',
      text: 'The wall above the lane fell in the second week of March, after eleven days of rain.',
    },
    {
      first: 'The wall above the lane fell',
      last: 'and the lane was quiet again.',
      has: ['https://site.example/glossary#through', 'https://site.example/2026/05/images/wall.jpg', 'The order of stones'],
      hasNot: ['Popular', 'Piet', 'Subscribe', '<h1', 'Archive'],
    },
  ],
  [
    {
      page: 'newspaper',
      title: 'Harbour council votes to keep the night ferry',
      text: 'The night crossing stays for three more years; the council pays a third of the loss.',
    },
    {
      first: 'Councillors reject a plan',
      last: 'in the spring of the third year.',
      has: ['go home on that boat', 'from October to March'],
      hasNot: ['Most read', 'Who pays?', 'Subscribe', 'Quayline posts a loss', 'cookies'],
    },
  ],
  [
    {
      page: 'japanese',
      title: '港町の古い灯台、市民の手で再び点灯',
      text: '三十年前に役目を終えた港町の灯台が、土曜日の夜に再び点灯した。',
      contentType: 'text/html; charset=Shift_JIS',
    },
    {
      first: '三十年前に役目を終えた',
      last: '次は子どもたちが守る番だ」と話した。',
      has: ['佐久間修さん'],
      hasNot: ['会員登録', '無断転載'],
    },
  ],
  [
    { page: 'chinese', title: '山村图书馆迎来第一万名读者', text: '青石岭的山村图书馆迎来了第一万名读者，一位十岁女孩。' },
    { first: '周三上午', last: '把书送到更远的村庄去。', has: ['手绘的地图册'], hasNot: ['登录', '版权所有'] },
  ],
  [
    { page: 'korean', title: '섬마을 마지막 우체국, 문 닫지 않기로', text: '' },
    { first: '폐쇄가 예고됐던', last: '소포를 맡아 준다.', has: ['한상우'], hasNot: ['구독하기'] },
  ],
  [
    {
      page: 'arabic',
      title: 'مدينة الواحة تفتتح حديقة على سطح السوق القديم',
      text: 'افتتحت بلدية الواحة حديقة عامة على سطح السوق القديم بعد عامين من الترميم.',
    },
    { first: 'افتتحت بلدية الواحة', last: 'خلال فصل الصيف.', has: ['سلمى الكيلاني'], hasNot: ['الأكثر قراءة'] },
  ],
  [
    {
      page: 'windows-1252',
      title: 'Die Brücke über die Öhre ist wieder offen',
      text: 'Nach vierzehn Monaten Bauzeit ist die Brücke für Fußgänger wieder offen.',
    },
    { first: 'Nach vierzehn Monaten', last: 'nicht über die Brücke fahren.', has: ['Käthe Wöhler', '„endlich“'], hasNot: ['Startseite'] },
  ],
  [
    {
      page: 'about-paywalls',
      title: 'Why every newspaper now asks you to pay',
      text: 'Ten years ago a paywall was a provocation. Today it is furniture.',
    },
    { first: 'Ten years ago', last: 'is "subscribe to continue reading".', has: ['This article is for subscribers only.'] },
  ],
  [
    {
      page: 'about-cookies',
      title: 'The cookie banner turns fifteen',
      text: 'Nobody celebrated, but the cookie banner turned fifteen this spring.',
    },
    {
      first: 'Nobody celebrated',
      last: 'the people who count the clicks.',
      has: ['Accept all cookies?'],
      hasNot: ['214 partners', 'Manage settings'],
    },
  ],
  [
    { page: 'cookie-banner', title: 'Stadtwerke pflanzen 300 Linden', text: 'Dreihundert Winterlinden kommen an die Ringstraße.' },
    {
      first: 'Die Stadtwerke pflanzen',
      last: 'die Ringstraße bleibt befahrbar.',
      hasNot: ['Zustimmung', 'Einwilligung', 'Alle akzeptieren'],
    },
  ],
  [
    {
      page: 'newsletter-box',
      title: 'A short history of the paper clip',
      text: 'The paper clip is older than the stapler and younger than the pin.',
    },
    {
      first: 'The paper clip is older',
      last: 'nearly every month.',
      has: ['Dozens of rivals'],
      hasNot: ['Subscribe', 'inbox', 'support our journalism'],
    },
  ],
  [
    { page: 'amp', title: 'Glaciers under the microscope', text: 'Researchers at Vandrel cut an ice core into 4,000 pieces.' },
    {
      first: 'A core of ice',
      last: 'the remaining ice to the archive.',
      has: ['<img', 'https://site.example/img/core.jpg'],
      hasNot: ['amp-'],
    },
  ],
  [
    { page: 'base', title: 'The orchard census', text: 'Volunteers have counted 8,214 apple trees.' },
    {
      first: 'Volunteers have counted',
      last: 'next March.',
      has: [
        'href="https://site.example/news/2026/census.pdf"',
        'https://maps.example/orchards',
        'src="https://site.example/news/2026/tree.jpg"',
        'https://site.example/news/2026/tree2.jpg 2x',
      ],
      hasNot: ['javascript:'],
    },
  ],
  [
    { page: 'lazy-images', title: 'Seven kites over the dunes', text: '' },
    {
      first: 'The wind came up at noon',
      last: 'could be taken for a star.',
      has: [
        'src="https://site.example/media/kite-one.jpg"',
        'https://pictures.example/render?id=77',
        'https://site.example/media/kite-three.png',
        '<figcaption>The red kite belongs',
      ],
      hasNot: ['blank.gif', 'data:image'],
    },
  ],
  [
    { page: 'tables-and-code', title: 'Measuring a loop in four languages', text: 'I wanted to know what an empty loop costs.' },
    {
      first: 'I wanted to know',
      last: 'to find my mistake.',
      has: [
        '<pre><code>for (let i = 0; i &lt; 1e6; i++) {\n  sum += i;',
        '<td>JavaScript</td><td>0.92</td>',
        '<li>Then measure.</li>',
        '<th>Median</th>',
      ],
      hasNot: ['byte garden'],
    },
  ],
  [
    { page: 'broken', title: 'The well at Carrow', text: 'The well at Carrow has no bottom, or so they say.', contentType: null },
    {
      first: 'The well at Carrow has no bottom',
      last: 'a sign that says so.',
      has: ['ninety fathoms', 'href="https://site.example/report"', 'Below eleven metres'],
    },
  ],
  [
    { page: 'inline-related', title: 'Le tramway reviendra au printemps', text: 'La ligne A du tramway rouvrira le 3 avril.' },
    { first: 'La ligne A du tramway', last: 'la fin du mois de juin.', has: ['Solène Marquet'], hasNot: ['Déjà abonné', 'réservé'] },
  ],
  [
    { page: 'short', title: 'Pool closed on Friday', text: 'The main pool is closed this Friday.' },
    { first: 'The main pool is closed', last: 'Saturday at the same hours.', hasNot: ['Log in', 'Mill Road'] },
  ],
  [
    { page: 'note', title: '', text: 'Watched two swifts argue over the hole under our gutter for an hour.' },
    { first: 'Watched two swifts', last: 'says about the damp.\n\n11 May' },
  ],
  [
    { page: 'live-blog', title: 'Storm Hedda: as it happened', text: 'Storm Hedda crossed the coast on Thursday.' },
    {
      first: 'Storm Hedda crossed the coast',
      last: 'for anyone who needs one.',
      has: ['21:40 Power is back in Lowmoor', '12:05 No trains north of Ardle'],
    },
  ],
  [
    {
      page: 'russian',
      title: 'В старом депо открылся музей трамваев',
      text: 'Музей трамваев открылся в старом депо на Заречной улице.',
      contentType: 'text/html; charset=windows-1251',
    },
    { first: 'В здании старого депо', last: 'один из вагонов выезжает на линию.', has: ['Лидия Воронцова'], hasNot: ['Городской вестник'] },
  ],
  [
    { page: 'free-after-meter', title: 'Beavers return to the Ouzel', text: 'A pair of beavers has been seen on the Ouzel.' },
    { first: 'A pair of beavers', last: 'until the end of August.', hasNot: ['Subscribe', 'Already a subscriber'] },
  ],
  [
    { page: 'ends-with-quote', title: 'The door in the third paragraph', text: 'Somewhere in the third paragraph there is a door now.' },
    { first: 'Somewhere in the third', last: 'Subscribe to continue reading.', has: ['<blockquote>'] },
  ],
];

test.each(articles)('reads the article of $page', (input, expected) => check(input, expected));
