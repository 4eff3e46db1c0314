/** Meaning of a word that takes part in writing a number, a time or an amount. */
export type NumberWord =
  | { readonly kind: 'unit' | 'scale' | 'ordinal'; readonly value: number }
  | { readonly kind: 'month'; readonly name: string }
  | { readonly kind: 'currency'; readonly name: string };

/** Units from one on, in seven languages; "-" for a word that means something else more often, or
 *  that is an article. Without accents, as the canonical form has them. */
const UNITS: Readonly<Record<string, string>> = {
  en: 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  fr: '- deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize',
  de: 'eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn',
  es: '- dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve',
  it: '- due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove',
  pt: '- dois - quatro - - - oito - dez - doze treze',
};
const TENS: Readonly<Record<string, string>> = {
  en: 'twenty thirty forty fifty sixty seventy eighty ninety',
  fr: 'vingt trente quarante cinquante soixante septante huitante nonante',
  de: 'zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig',
  es: 'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
  it: 'venti trenta quaranta cinquanta sessanta settanta ottanta novanta',
};
const ORDINALS: readonly string[] = [
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth',
  'premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme treizieme',
  'premiere - - - - - - - - - - - -',
  'erste zweite dritte vierte funfte sechste siebte achte neunte zehnte elfte zwolfte dreizehnte',
  'ersten zweiten dritten vierten funften sechsten siebten achten neunten zehnten elften zwolften dreizehnten',
  'primer segundo tercer cuarto quinto sexto septimo octavo noveno decimo - - -',
  'primero segunda tercero cuarta quinta sexta - - - - - - -',
  'primo - terzo - - sesto settimo ottavo nono - - - -',
];
const SCALES: Readonly<Record<number, string>> = {
  100: 'hundred cent cents hundert cien ciento cento',
  1000: 'thousand mille tausend mil mila',
  1e6: 'million millions millionen millon millones milione milioni mio',
  1e9: 'billion billions milliard milliards milliarde milliarden miliardo miliardi mrd',
  1e12: 'trillion trillions billionen billones',
};
const MONTHS: readonly string[] = [
  'january february march april may june july august september october november december',
  'jan feb mar apr - jun jul aug sep oct nov dec',
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre',
  'januar februar marz april mai juni juli august september oktober november dezember',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre',
  'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro',
];
const CURRENCIES: Readonly<Record<string, string>> = {
  usd: '$ usd dlr dlrs dollar dollars dolar dolares dollaro dollari',
  eur: '€ eur euro euros',
  gbp: '£ gbp pound pounds pfund libras sterline',
  jpy: '¥ jpy yen',
};
/** Weekdays and fractions, which differ between two instances of one template as numbers do. */
const DAYS =
  'monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun half lundi mardi mercredi jeudi vendredi samedi dimanche ' +
  'montag dienstag mittwoch donnerstag freitag samstag sonntag lunes martes miercoles jueves viernes sabado domingo ' +
  'lunedi martedi mercoledi giovedi venerdi sabato domenica terca quarta quinta sexta';

/** Words that are numbers in one language alone. Elsewhere they mean something else ("due", "once",
 *  "sei", "dos", "cent"), so the text must be in that language. */
export const ONLY_IN: ReadonlyMap<string, string> = new Map(
  Object.entries({ fr: 'cent cents sept neuf', it: 'due sei tre sette nove otto mila', es: 'once dos mil', de: 'elf acht' }).flatMap(
    ([language, words]) => words.split(' ').map((word) => [word, language] as const),
  ),
);

/** Frequent words by which the language of a text is recognised. None is in two of the lists. */
export const LANGUAGE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    en: 'the of and to for with was is that at on by',
    fr: 'les des et est dans pour une du aux sur qui plus',
    de: 'der die das und ist nicht mit den von im dem auf',
    es: 'el los las y con por para como pero del al',
    it: 'il di che della per gli sono nel alla dei con',
  }).flatMap(([language, words]) => words.split(' ').map((word) => [word, language] as const)),
);

/** Names of numbers, ordinals, months and currencies, in lower case without accents. */
export const NUMBER_WORDS: ReadonlyMap<string, NumberWord> = collect();

/** Weekdays, months and fractions in lower case without accents. They count as numbers when two
 *  texts are compared. */
export const CALENDAR_WORDS: ReadonlySet<string> = new Set([DAYS, ...MONTHS].join(' ').split(' '));

function collect(): Map<string, NumberWord> {
  const words = new Map<string, NumberWord>();
  const addList = (list: string, from: number, step: number, kind: 'unit' | 'ordinal') =>
    list.split(' ').forEach((word, at) => word !== '-' && words.set(word, { kind, value: from + step * at }));
  for (const list of Object.values(UNITS)) addList(list, 1, 1, 'unit');
  for (const list of Object.values(TENS)) addList(list, 20, 10, 'unit');
  words.set('vingts', { kind: 'unit', value: 20 });
  for (const list of ORDINALS) addList(list, 1, 1, 'ordinal');
  for (const [value, list] of Object.entries(SCALES))
    for (const word of list.split(' ')) words.set(word, { kind: 'scale', value: Number(value) });
  for (const [word, value] of compounds()) words.set(word, { kind: 'unit', value });
  MONTHS.forEach((list) =>
    list.split(' ').forEach((word, at) => word !== '-' && words.set(word, { kind: 'month', name: MONTHS[0]?.split(' ')[at] ?? '' })),
  );
  for (const [name, list] of Object.entries(CURRENCIES)) for (const word of list.split(' ')) words.set(word, { kind: 'currency', name });
  return words;
}

/** Yields numbers that German, Italian and Spanish write as one word: "einundzwanzig", "ventuno",
 *  "veintiuno", "dreihundert", "duemila", "doscientos". */
function* compounds(): Generator<[word: string, value: number]> {
  const split = (list = '') => list.split(' ');
  const german = ['ein', ...split(UNITS['de']).slice(1, 9)];
  const italian = ['uno', ...split(UNITS['it']).slice(1, 9)];
  for (let ten = 0; ten < 8; ten++)
    for (let unit = 0; unit < 9; unit++) {
      const value = 20 + 10 * ten + unit + 1;
      yield [`${german[unit] ?? ''}und${split(TENS['de'])[ten] ?? ''}`, value];
      const tens = split(TENS['it'])[ten] ?? '';
      const word = italian[unit] ?? '';
      yield [`${/^[uo]/.test(word) ? tens.slice(0, -1) : tens}${word}`, value];
    }
  for (let unit = 0; unit < 9; unit++) {
    yield [`${german[unit] ?? ''}hundert`, 100 * (unit + 1)];
    yield [`${german[unit] ?? ''}tausend`, 1000 * (unit + 1)];
    if (unit === 0) continue;
    yield [`${italian[unit] ?? ''}cento`, 100 * (unit + 1)];
    yield [`${italian[unit] ?? ''}mila`, 1000 * (unit + 1)];
  }
  for (const [at, word] of split(
    'veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve',
  ).entries())
    yield [word, 21 + at];
  for (const [at, word] of split(
    'doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos',
  ).entries())
    yield [word, 200 + 100 * at];
}
