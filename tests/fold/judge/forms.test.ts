import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { articles, textOf } from './articles.ts';
import { foldAll, isFolded, judge } from './pair.ts';
import type { Said } from './pair.ts';

/** Sentences that a service or a publisher puts under everything. None has a subject. */
const stock: readonly string[] = [
  'Hosted on Acast. See acast.com/privacy for more information about how we and our partners use your data today.',
  'Learn more about your ad choices. Visit megaphone.fm/adchoices to find out how advertising on this show works for you.',
  'This programme is supported by its listeners. Become a member, get every new episode a day early and join our chat.',
  'This article is for subscribers only. Log in or subscribe now to read the full story and get our daily newsletter.',
  'Get a free trial of thirty days, cancel whenever you like, and read everything on every device without any advertisement.',
  'An automatic build of the current main branch. It has not been tested, so please do not use it for anything important.',
  'Cet article est réservé aux abonnés. Abonnez-vous dès maintenant pour lire la suite et recevoir notre lettre chaque matin.',
  'Une émission hébergée par notre réseau. Abonnez-vous sur votre plateforme préférée et laissez-nous cinq étoiles et un commentaire.',
  'Cette version a été construite automatiquement à partir du dépôt. Elle n’a pas été testée et ne convient à aucun usage.',
  'Dieser Artikel ist nur für Abonnenten verfügbar. Jetzt kostenlos vier Wochen lang testen und sofort weiterlesen, jederzeit kündbar.',
  'Dieser Podcast wird vermarktet von einer Agentur. Abonniert uns, bewertet uns und erzählt euren Freunden von dieser Sendung.',
  'Automatisch erzeugter Stand des Hauptzweigs. Er ist nicht geprüft und sollte nirgends eingesetzt werden, wo es darauf ankommt.',
  'Este artículo es solo para suscriptores. Suscríbete por un euro al mes y lee todo sin límites en cualquier dispositivo.',
  'Un programa de nuestra red de audio. Suscríbete donde quieras escucharlo, déjanos una valoración y compártelo con tus amigos.',
  'Questo articolo è riservato agli abbonati. Abbonati adesso, leggi tutto senza limiti e ricevi ogni mattina la nostra lettera.',
  'Una produzione della nostra rete. Iscriviti sulla tua piattaforma preferita, lascia una recensione e parlane con i tuoi amici.',
  '本文仅供订阅用户阅读。请登录或订阅后继续阅读全部内容，每天早上还会收到我们的邮件。',
  '本节目由我们的音频网络制作。欢迎在各大平台订阅收听，并给我们打分留言。',
  'この記事は会員限定です。続きを読むには登録してください。最初の一か月は無料で、いつでも解約できます。',
  'この番組は私たちの音声ネットワークが制作しています。お好きなアプリで登録し、感想をお寄せください。',
];

const day = (n: number, hour = 6) => new Date(Date.UTC(2026, 2, n, hour)).toISOString();
const titleOf = (n: number) => articles[n % articles.length]?.title ?? '';

describe('F2: a sentence that stands under everything folds nothing, at any level', () => {
  test.each(stock.map((text, n) => [text.slice(0, 40), text, n] as const))('%s', (_, text, n) => {
    const said = [0, 7, 13].map((step): Said => ({ source: `s${step}`, title: titleOf(n + step), text, at: day(1 + step) }));
    for (const level of ['keys', 'careful', 'normal'] as const) {
      expect(foldAll(said, level)).toEqual([0, 1, 2]);
      // F12: one source's blurb under two titles.
      const own = said.map((one) => ({ ...one, source: 'a' }));
      expect(foldAll(own, level)).toEqual([0, 1, 2]);
    }
  });

  test('builds of one source with one text are as many articles', () => {
    const said = [1, 2, 3].map((n): Said => ({ source: 'a', title: `Nightly build 2026-03-0${n}`, text: stock[5] ?? '', at: day(n) }));
    expect(foldAll(said)).toEqual([0, 1, 2]);
  });

  test('in a store, a phrase counts less the more titles carry it', () => {
    const sentence = 'The gulls of this coast are counted every morning by volunteers of the bird society from the old pier.';
    const filler = Array.from({ length: 60 }, (_, n): Said => ({
      source: `f${n}`,
      title: `Subject${n} of thing${n}`,
      text: `${sentence} Item${n} word${n}.`,
      at: day(1),
    }));
    expect(new Set(foldAll(filler)).size).toBe(60);
  });

  test.each(articles.map((article) => [article.title, article] as const))(
    'a text that is an article folds under two headlines: %s',
    (_, article) => {
      const text = textOf(article);
      const [a, b] = [
        { source: 'a', title: article.title, text },
        { source: 'b', title: article.otherTitle, text },
      ];
      for (const level of ['keys', 'careful', 'normal'] as const) expect(isFolded(a, b, level)).toBe(true);
    },
  );
});

describe('F6: headlines of every day without text stay apart', () => {
  test.each([
    'Your evening briefing for Monday',
    'Your morning briefing for Tuesday, March 3',
    'The week in pictures and video',
    'What you need to know today',
    'Five things to know this morning',
    'Latest news headlines and live updates',
    'Weather forecast for the weekend',
    'Letters to the editor this week',
    'Les infos à retenir ce matin',
    'L’essentiel de la journée de lundi',
    'Revue de presse du mardi matin',
    'La météo de ce week-end en images',
    'Die wichtigsten Nachrichten des Tages',
    'Der Überblick am Morgen für Montag',
    'Las noticias de la mañana del lunes',
    'El resumen de la semana en imágenes',
    'Le notizie del giorno in breve',
    'La rassegna stampa di questa mattina',
    '今日要闻简报',
    '今日天气预报',
  ])('%s', (title) => {
    const [a, b] = [
      { source: 'a', title, text: '', at: day(2, 17) },
      { source: 'b', title, text: '', at: day(2, 18) },
    ];
    for (const level of ['keys', 'careful', 'normal'] as const) {
      expect(isFolded(a, b, level)).toBe(false);
      expect(isFolded({ ...a, text: stock[2] ?? '' }, b, level)).toBe(false);
    }
  });

  test.each(articles.map(({ title }) => [title]))('a headline with a subject folds: %s', (title) => {
    expect(isFolded({ source: 'a', title, text: '', at: day(2, 17) }, { source: 'b', title, text: '', at: day(2, 18) })).toBe(true);
  });
});

/** Forms after real feeds whose items have one link: a page of news, releases, the page of a
 *  day. */
const oneLink: readonly (readonly [title: string, text: string])[][] = [
  [
    ['Nix 1.4 released', 'A new release of the package manager is out, with a faster evaluator and many fixes by its users.'],
    ['NixOps 1.4 released', 'A new release of the deployment tool is out, with more providers and many fixes by its users.'],
  ],
  [
    ['Tide table for Monday', 'High water at 6.10 and 18.40, low water at 0.20 and 12.30, wind from the west.'],
    ['Tide table for Tuesday', 'High water at 7.00 and 19.20, low water at 1.10 and 13.10, wind from the south.'],
  ],
  [
    ['Service status', 'All services of the library run as they should this morning.'],
    ['Service status', 'The catalogue of the library is slow this evening, and we look into it.'],
  ],
  [
    ['Neue Stelle: Gärtner', 'Wir suchen ab sofort eine Person für den Garten der Schule, mit Liebe zu alten Sorten.'],
    ['Neue Stelle: Köchin', 'Wir suchen ab sofort eine Person für die Küche der Schule, mit Liebe zu alten Rezepten.'],
  ],
  [
    ['Marché du samedi', 'Le marché se tient samedi de huit heures à midi sur la place, avec douze producteurs.'],
    ['Marché du mercredi', 'Le marché se tient mercredi de seize heures à vingt heures sur le quai, avec cinq producteurs.'],
  ],
  [
    ['Aviso: corte de agua', 'Mañana no habrá agua en la calle Mayor entre las nueve y las once por obras en la tubería.'],
    ['Aviso: corte de luz', 'Mañana no habrá luz en la calle Nueva entre las dos y las cuatro por obras en la línea.'],
  ],
  [
    ['Orario della biblioteca', 'La biblioteca apre lunedì alle nove e chiude alle diciotto; sabato resta chiusa.'],
    ['Orario della piscina', 'La piscina apre lunedì alle sette e chiude alle venti; domenica resta chiusa.'],
  ],
  [
    ['停水通知', '明天上午九点到十一点，中山路因维修管道停水，请居民提前储水。'],
    ['停电通知', '明天下午两点到四点，解放路因检修线路停电，请居民提前准备。'],
  ],
  [
    ['本日の献立', '給食は焼き魚と豆腐の味噌汁、ほうれん草のおひたしです。'],
    ['明日の献立', '給食は鶏の唐揚げとわかめの味噌汁、かぼちゃの煮物です。'],
  ],
  [
    ['Quake 3.1 near Ashcombe', 'A quake of magnitude 3.1 was recorded 12 km north of Ashcombe at a depth of 5 km.'],
    ['Quake 2.7 near Senholm', 'A quake of magnitude 2.7 was recorded 30 km west of Senholm at a depth of 9 km.'],
  ],
];

describe('F9: a link that many entries of a source have is no evidence', () => {
  const page = { urlKey: 'x.test/news.html', homeHost: 'x.test', url: 'https://x.test/news.html' };
  test.each(oneLink.map((pair) => [pair[0]?.[0] ?? '', pair] as const))('%s', (_, pair) => {
    const said = pair.map(([title, text], n): Said => ({ source: 'a', title, text, at: day(1 + n), guid: null, rest: page }));
    expect(foldAll(said)).toEqual([0, 1]);
    // Read at once, three years apart, and by a second source with the same link.
    expect(foldAll(said.map((one, n) => ({ ...one, at: `201${3 + 3 * n}-05-02T00:00:00Z`, seen: day(1) })))).toEqual([0, 1]);
    const third: Said = { source: 'b', title: titleOf(3), text: textOf(articles[3] ?? articles[0]!), at: day(3), guid: null, rest: page };
    expect(foldAll([...said, third])).toEqual([0, 1, 2]);
  });
});

describe('F10: entries side by side in one document are two, whatever their dates', () => {
  test.each(articles.map((article, n) => [article.title, article, n] as const))('issues of a guide: %s', (_, article, n) => {
    const guide = (date: number, other: string): Said => ({
      source: 'a',
      title: `${article.title.split(' ')[0] ?? ''}: page guide, ${date} May`,
      text: `${textOf(article, 0, 3)} ${other}`,
      at: `2026-05-${String(date).padStart(2, '0')}T04:00:00Z`,
      seen: '2026-05-20T00:00:00Z',
    });
    const [first, second] = [guide(4, `Sheet ${n} has the ferries.`), guide(5, `Sheet ${n + 1} has the markets.`)];
    expect(foldAll([first, second])).toEqual([0, 1]);
    expect(
      foldAll([
        { ...first, guid: null },
        { ...second, guid: null },
      ]),
    ).toEqual([0, 1]);
    // Read on two days, they are issues all the same.
    expect(
      foldAll([
        { ...first, seen: '2026-05-04T05:00:00Z' },
        { ...second, seen: '2026-05-05T05:00:00Z' },
      ]),
    ).toEqual([0, 1]);
  });
});

describe('F13: the window goes by believable dates', () => {
  test.each(articles.map((article) => [article.title, article] as const))('%s', (_, article) => {
    const said = { title: article.title, text: textOf(article), seen: day(1) };
    const years: Said[] = [
      { ...said, source: 'a', at: '2019-05-01T00:00:00Z' },
      { ...said, source: 'b', at: '2022-05-01T00:00:00Z' },
    ];
    expect(foldAll(years)).toEqual([0, 1]);
    const late: Said[] = [
      { ...said, source: 'a', at: '2026-01-02T00:00:00Z', seen: '2026-01-02T01:00:00Z' },
      { ...said, source: 'b', at: '2026-01-02T03:00:00Z', seen: '2026-03-09T00:00:00Z' },
    ];
    expect(foldAll(late)).toEqual([0, 0]);
    const undated: Said[] = [
      { ...said, source: 'a', seen: '2026-01-02T01:00:00Z' },
      { ...said, source: 'b', at: '2026-01-02T03:00:00Z', seen: '2026-03-09T00:00:00Z' },
    ];
    expect(foldAll(undated)).toEqual([0, 1]);
  });
});

test('F12: what `keys` folds `careful` folds, and what `careful` folds `normal` folds', () => {
  const pieces = [...articles.flatMap(({ sentences }) => sentences.slice(0, 2)), ...stock.slice(0, 6), 'UPDATE', '42', 'Monday', 'x'];
  const part = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((list) => list.join(' '));
  const title = fc.oneof(
    fc.constantFrom(...articles.flatMap((one) => [one.title, one.otherTitle]), '', 'News', 'Briefing for Monday'),
    part,
  );
  const entry = fc.record({
    source: fc.constantFrom('a', 'b'),
    title,
    text: part,
    at: fc.constantFrom(day(1), day(1, 7), day(4)),
    guid: fc.constantFrom(null, 'one', 'two'),
    rest: fc.constantFrom({}, { urlKey: 'x.test/1', homeHost: 'x.test' }, { urlKey: 'x.test/1' }, { linkPost: true }),
  });
  // Both entries have often one title or one text, since others never fold.
  const pair = fc
    .tuple(entry, entry, fc.boolean(), fc.boolean())
    .map(([a, b, isTitleOne, isTextOne]) => [a, { ...b, ...(isTitleOne && { title: a.title }), ...(isTextOne && { text: a.text }) }]);
  const foldsAt = (a: Said, b: Said) => (['keys', 'careful', 'normal'] as const).map((level) => isFolded(a, b, level));
  fc.assert(
    fc.property(pair, ([a, b]) => {
      if (!a || !b) return;
      const [keys, careful, normal] = foldsAt(a, b);
      expect([!keys || careful, !careful || normal]).toEqual([true, true]);
      expect(judge(a, b, 'keys').verdict.score).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
