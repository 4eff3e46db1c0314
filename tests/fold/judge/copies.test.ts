import { describe, expect, test } from 'vitest';
import { articles, textOf } from './articles.ts';
import type { Article } from './articles.ts';
import { foldAll, isFolded, judge } from './pair.ts';

const each = articles.map((article) => [article.title, article] as const);

/** A byline and the name of an agency, as a reprint begins. */
const bylines: Record<Article['language'], string> = {
  en: 'By Jane Marlow, Northern Wire: ',
  fr: 'Par Jeanne Marlou, Agence du Nord : ',
  de: 'Von Johanna Marlow, Nordagentur: ',
  es: 'Por Juana Marlo, Agencia Norte: ',
  it: 'Di Giovanna Marlo, Agenzia Nord: ',
  zh: '北方社记者 ',
  ja: '北方通信 ',
};

/** Own words of a blogger, in each language. */
const comments: Record<Article['language'], string> = {
  en: 'I have lived here long enough to doubt every word of such reports. Nobody asked the people next door, and nobody counted what it costs in sleep, in noise and in patience. My neighbour laughed aloud when she heard it on the radio this morning, then went out to feed her hens as if nothing had been said at all. Perhaps she is right, and tomorrow we shall all have forgotten about it.',
  fr: 'Je vis ici depuis assez longtemps pour douter de chaque mot de ces dépêches. Personne n’a interrogé les voisins, personne n’a compté ce que cela coûte de sommeil, de bruit et de patience. Ma voisine a éclaté de rire en l’apprenant à la radio, puis elle est sortie nourrir ses poules comme si de rien n’était. Elle a peut-être raison, et demain nous aurons tout oublié.',
  de: 'Ich wohne lange genug hier, um an jedem Wort solcher Meldungen zu zweifeln. Niemand hat die Nachbarn gefragt, niemand hat gezählt, wie viel Schlaf, Lärm und Geduld das kostet. Meine Nachbarin lachte laut auf, als sie es im Radio hörte, dann ging sie ihre Hühner füttern, als wäre nichts gewesen. Vielleicht hat sie recht, und morgen haben wir alle es wieder vergessen.',
  es: 'Vivo aquí desde hace bastante tiempo como para dudar de cada palabra de estas noticias. Nadie preguntó a los vecinos, nadie contó lo que cuesta en sueño, en ruido y en paciencia. Mi vecina se echó a reír cuando lo oyó en la radio, y luego salió a dar de comer a sus gallinas como si nada. Quizá tenga razón, y mañana todos lo habremos olvidado.',
  it: 'Vivo qui da abbastanza tempo per dubitare di ogni parola di queste notizie. Nessuno ha chiesto ai vicini, nessuno ha contato quanto costa in sonno, in rumore e in pazienza. La mia vicina è scoppiata a ridere quando lo ha sentito alla radio, poi è uscita a dare da mangiare alle galline come se niente fosse. Forse ha ragione, e domani lo avremo dimenticato tutti.',
  zh: '我在这里住得够久了，对这样的消息每个字都不太相信。没有人问过隔壁的邻居，也没有人算过要少睡多少觉、多听多少噪音、多费多少耐心。邻居大妈今早在广播里听到这件事，笑出了声，然后照常出门去喂鸡，好像什么也没发生过。也许她是对的，到了明天大家就都忘了。不管怎样，我打算再等一个冬天看看。',
  ja: '私はここに長く住んでいるので、こういう記事の言葉はどれも少し疑ってしまう。隣の人たちに話を聞いた者はいないし、眠りや騒音や我慢がどれだけ要るかを数えた者もいない。隣のおばさんは今朝ラジオで聞いて声を出して笑い、それから何もなかったように鶏に餌をやりに出かけた。たぶん彼女が正しくて、明日には皆忘れているのだろう。',
};

describe('F1: one text in two styles of numbers folds, under other headlines too', () => {
  const styles: readonly (readonly [language: string, one: string, other: string])[] = [
    [
      'en',
      'The night boat left at 4 p.m. with six horses, 1,000 crates of pears and a crew of twelve. The owner had paid $5 million for it, five per cent more than he had hoped, and means to sail on May 4 again. Nobody at the quay of Senholm had seen so large a hull since the great frost, when the ice carried the old mole away and three barges with it.',
      'The night boat left at 4:00 p.m. with 6 horses, 1000 crates of pears and a crew of 12. The owner had paid 5 million dollars for it, 5 % more than he had hoped, and means to sail on 4 May again. Nobody at the quay of Senholm had seen so large a hull since the great frost, when the ice carried the old mole away and 3 barges with it.',
    ],
    [
      'fr',
      'Le bateau de nuit est parti à 16h30 avec six chevaux, 1 000 caisses de poires et douze marins. L’armateur l’avait payé 5 millions d’euros, cinq pour cent de plus que prévu, et compte repartir le 4 mai. Personne sur les quais de Senholm n’avait vu pareille coque depuis le grand gel, quand la glace avait emporté le vieux môle et trois barges.',
      "Le bateau de nuit est parti à 16 h 30 avec 6 chevaux, 1.000 caisses de poires et 12 marins. L'armateur l'avait payé cinq millions d'euros, 5 % de plus que prévu, et compte repartir le 4 mai. Personne sur les quais de Senholm n'avait vu pareille coque depuis le grand gel, quand la glace avait emporté le vieux môle et 3 barges.",
    ],
    [
      'de',
      'Das Nachtboot legte um 16 Uhr mit sechs Pferden, 1.000 Kisten Birnen und zwölf Seeleuten ab. Der Reeder hatte dafür 5 Millionen Euro gezahlt, fünf Prozent mehr als erhofft, und will am 4. Mai wieder fahren. Niemand am Kai von Senholm hatte einen so großen Rumpf gesehen seit dem großen Frost, als das Eis die alte Mole und drei Kähne forttrug.',
      'Das Nachtboot legte um 16.00 Uhr mit 6 Pferden, 1000 Kisten Birnen und 12 Seeleuten ab. Der Reeder hatte dafür 5 Mio. Euro gezahlt, 5 % mehr als erhofft, und will am 4. Mai wieder fahren. Niemand am Kai von Senholm hatte einen so grossen Rumpf gesehen seit dem grossen Frost, als das Eis die alte Mole und 3 Kähne forttrug.',
    ],
    [
      'es',
      'El barco nocturno zarpó a las 16:00 horas con seis caballos, 1.000 cajas de peras y doce marineros. El armador había pagado 5 millones de euros, el cinco por ciento más de lo esperado, y piensa volver el 4 de mayo. Nadie en el muelle de Senholm había visto un casco tan grande desde la gran helada, cuando el hielo se llevó el viejo dique y tres barcazas.',
      'El barco nocturno zarpó a las 16 horas con 6 caballos, 1000 cajas de peras y 12 marineros. El armador había pagado cinco millones de euros, el 5 % más de lo esperado, y piensa volver el 4 de mayo. Nadie en el muelle de Senholm había visto un casco tan grande desde la gran helada, cuando el hielo se llevó el viejo dique y 3 barcazas.',
    ],
    [
      'it',
      'Il battello notturno è partito alle 16:00 con sei cavalli, 1.000 casse di pere e dodici marinai. L’armatore lo aveva pagato 5 milioni di euro, il cinque per cento più del previsto, e conta di ripartire il 4 maggio. Nessuno sul molo di Senholm aveva visto uno scafo così grande dalla grande gelata, quando il ghiaccio portò via la vecchia diga e tre chiatte.',
      "Il battello notturno è partito alle 16:00 con 6 cavalli, 1000 casse di pere e 12 marinai. L'armatore lo aveva pagato cinque milioni di euro, il 5 % più del previsto, e conta di ripartire il 4 maggio. Nessuno sul molo di Senholm aveva visto uno scafo così grande dalla grande gelata, quando il ghiaccio portò via la vecchia diga e 3 chiatte.",
    ],
    [
      'zh',
      '夜船于下午4点30分起航，载着六匹马、一千箱梨和十二名水手。船主为它付了五百万元，比预计多百分之五，打算5月4日再次出海。森霍姆码头上的人自从那场大霜冻以来没有见过这么大的船身，当年冰块卷走了旧防波堤和三艘驳船。',
      '夜船于16时30分起航，载着6匹马、1000箱梨和12名水手。船主为它付了500万元，比预计多5%，打算5月4日再次出海。森霍姆码头上的人自从那场大霜冻以来没有见过这么大的船身，当年冰块卷走了旧防波堤和3艘驳船。',
    ],
    [
      'ja',
      '夜の船は午後4時30分に、六頭の馬と千箱の梨と十二人の船員を乗せて出た。船主は五百万円を払い、予想より5パーセント高かったが、5月4日にまた出る予定だ。センホルムの岸壁の人々は、氷が古い堤防と三隻のはしけを流した大寒波のあと、これほど大きな船体を見たことがなかった。',
      '夜の船は16時30分に、6頭の馬と1000箱の梨と12人の船員を乗せて出た。船主は500万円を払い、予想より5%高かったが、5月4日にまた出る予定だ。センホルムの岸壁の人々は、氷が古い堤防と3隻のはしけを流した大寒波のあと、これほど大きな船体を見たことがなかった。',
    ],
  ];
  test.each(styles)('%s', (_, one, other) => {
    const { verdict } = judge({ source: 'a', title: one.slice(0, 24), text: one }, { source: 'b', title: 'B', text: other });
    expect(verdict.label).toBe('same');
    expect(verdict.score).toBeGreaterThan(0.9);
  });

  test.each(each)('one swapped number in a long text is little: %s', (_, article) => {
    const text = [
      textOf(article),
      ...articles.filter(({ language }) => language === article.language && article.language !== 'zh').map((one) => textOf(one)),
    ]
      .concat(textOf(article, 1))
      .join(' ');
    const other = text.replace(/\d+/, '77');
    const [a, b] = [
      { source: 'a', title: article.title, text },
      { source: 'b', title: article.otherTitle, text: other },
    ];
    expect(isFolded(a, b)).toBe(true);
  });
});

describe('F3: a comment under the same headline is related', () => {
  test.each(each)('%s', (_, article) => {
    const quoted = textOf(article, 1, 3);
    const a = { source: 'a', title: article.title, text: textOf(article) };
    const b = { source: 'b', title: article.title, text: `${comments[article.language]} ${quoted}` };
    expect(judge(a, b, 'normal').verdict.label).toBe('related');
    expect(judge(b, a, 'normal').verdict.label).toBe('related');
  });

  test.each(each)('a reprint with background folds, as it begins with what it shares: %s', (_, article) => {
    const a = { source: 'a', title: article.title, text: textOf(article) };
    const b = { source: 'b', title: article.title, text: `${bylines[article.language]}${textOf(article)} ${comments[article.language]}` };
    expect(isFolded(a, b)).toBe(true);
  });
});

describe('F4: a short member decides little', () => {
  const at = (hour: number) => `2026-03-10T${String(hour).padStart(2, '0')}:00:00Z`;

  test.each(each)('a teaser neither keeps a reprint out nor changes with the order: %s', (_, article) => {
    const wire = { source: 'wire', title: article.title, text: textOf(article), at: at(8) };
    const teaser = { source: 'teaser', title: article.title, text: textOf(article, 0, 1), at: at(9) };
    const reprint = { source: 'paper', title: article.otherTitle, text: bylines[article.language] + textOf(article), at: at(10) };
    for (const order of [
      [wire, teaser, reprint],
      [wire, reprint, teaser],
      [teaser, wire, reprint],
      [reprint, wire, teaser],
    ])
      expect(foldAll(order)).toEqual([0, 0, 0]);
  });

  test.each(each)('a teaser does not join two articles: %s', (_, article) => {
    const other = articles[(articles.indexOf(article) + 1) % articles.length] ?? article;
    const teaser = { source: 'teaser', title: `${article.title} / ${other.title}`, text: '' };
    const stories = foldAll([
      { source: 'a', title: article.title, text: textOf(article) },
      { source: 'b', title: other.title, text: textOf(other) },
      teaser,
    ]);
    expect(stories.slice(0, 2)).toEqual([0, 1]);
  });
});

describe('F5: an explicit mark makes a revision of a nearly equal text', () => {
  const marks: Record<Article['language'], readonly string[]> = {
    en: ['CORRECTED – ', 'UPDATE 2: ', 'Correction: '],
    fr: ['RECTIFICATIF – ', 'Mise à jour : ', 'CORRIGÉ – '],
    de: ['Berichtigung: ', 'Korrektur: ', 'AKTUALISIERT – '],
    es: ['CORRECCIÓN – ', 'Actualización: ', 'RECTIFICACIÓN – '],
    it: ['RETTIFICA – ', 'Aggiornamento: ', 'CORREZIONE – '],
    zh: ['更正：', '更新：', '订正：'],
    ja: ['訂正：', '更新：', '修正：'],
  };
  test.each(each)('%s', (_, article) => {
    const text = textOf(article);
    const corrected = /\d/.test(text) ? text.replace(/\d+/, '79') : text.replace(/四|十|two|Two|einem|une|un /, '9 ');
    const a = { source: 'a', title: article.title, text, at: '2026-03-10T08:00:00Z' };
    for (const mark of marks[article.language]) {
      // At once in one document, and a day later.
      for (const at of ['2026-03-10T08:00:00Z', '2026-03-11T08:00:00Z'])
        expect(judge(a, { ...a, title: mark + article.title, text: corrected, at, guid: 'a/other' }).verdict.label).toBe('revision');
      const inText = { ...a, text: `${mark}${corrected}`, at: '2026-03-11T08:00:00Z', guid: 'a/other' };
      expect(judge(a, inText).verdict.label).toBe('revision');
    }
    // Without the mark it is another issue of a form.
    if (corrected !== text) expect(isFolded(a, { ...a, text: corrected, at: '2026-03-11T08:00:00Z', guid: 'a/other' })).toBe(false);
  });
});

describe('F11: typography does not part a text from itself', () => {
  const typeset = (text: string) =>
    text
      .replaceAll("'", '’')
      .replaceAll('fi', 'ﬁ')
      .replaceAll('fl', 'ﬂ')
      .replaceAll(' - ', ' — ')
      .replaceAll('oe', 'œ')
      .replaceAll(/ (?=[a-z]{2} )/g, '\u00a0')
      .normalize('NFD');
  test.each(each)('%s', (_, article) => {
    const plain = textOf(article).replaceAll('’', "'");
    const a = { source: 'a', title: article.title.replaceAll('’', "'"), text: plain };
    const b = { source: 'b', title: typeset(a.title), text: typeset(plain) };
    const { verdict } = judge(a, b);
    expect(verdict).toMatchObject({ label: 'same', score: 0.98 });
  });
});
