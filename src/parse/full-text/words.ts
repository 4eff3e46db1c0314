/** Returns the number of words of a text. Two characters of a script without spaces count as one
 *  word. */
export function countPageWords(text: string): number {
  let count = 0;
  for (const [run] of text.matchAll(WORD)) count += UNSPACED.test(run) ? Math.ceil(run.length / 2) : 1;
  return count;
}

/** Returns the distinct keywords of a text: the first letters of words of at least four letters (so
 *  that inflected forms match) and numbers. Text without spaces between words gives pairs of
 *  characters. Frequent words of each language are left out. */
export function toKeywords(text: string): Set<string> {
  const keywords = new Set<string>();
  for (const [run] of toPlain(text).matchAll(WORD)) {
    if (UNSPACED.test(run)) addPairs(keywords, run);
    else if (/^\p{N}/u.test(run) ? run.length > 1 : run.length >= (ALPHABET.test(run) ? 4 : 3) && !COMMON.has(run))
      keywords.add(run.replace(ARTICLE, '').slice(0, 6));
  }
  return keywords;
}

/** Returns the share of `keywords` that is in `text`; null when there are no keywords. */
export function shareFound(keywords: ReadonlySet<string>, text: ReadonlySet<string>): number | null {
  if (keywords.size === 0) return null;
  let found = 0;
  for (const keyword of keywords) if (text.has(keyword)) found += 1;
  return found / keywords.size;
}

/** Normalises a text for the search of phrases: NFKC, lower case, straight apostrophes, single
 *  spaces. */
export function toPlain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/[\p{Default_Ignorable_Code_Point}\u0640]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}]+|(?:(?!\p{Script=Han}|\p{Script=Thai})[\p{L}\p{M}\p{N}])+/gu;
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}]/u;
const ALPHABET = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
/** The Arabic article, alone or behind "and". */
const ARTICLE = /^\u0648?\u0627\u0644(?=.{3})/;

/** Adds pairs of characters. Pairs of hiragana alone are grammar and are left out. */
function addPairs(keywords: Set<string>, run: string): void {
  const characters = Array.from(run);
  if (characters.length === 1) keywords.add(run);
  for (let index = 1; index < characters.length; index += 1) {
    const pair = `${characters[index - 1]}${characters[index]}`;
    if (!/^\p{Script=Hiragana}+$/u.test(pair)) keywords.add(pair);
  }
}

/** Frequent words of at least four letters, which do not show the subject of a text. Shorter words
 *  are ignored anyway. */
const COMMON: ReadonlySet<string> = new Set(
  (
    'that this with from have will were they their them been which about after when what would there more also than into over only other some could ' +
    'said says very just most like make made many your here before because between where while through during under even such being does each year ' +
    'years time people these those first last next still again since until dass nicht eine einen einer eines einem sich auch wird sind haben über ' +
    'nach oder aber wenn noch mehr beim durch werden wurde wurden zwischen dieser diese dieses unter gegen keine hatte waren sein ihre seine dans ' +
    'pour avec plus cette sont leur mais comme entre sans tout tous elle elles nous vous était été aussi même deux fait être para como pero este ' +
    'esta sobre entre cuando desde hasta porque también muy todo todos donde años fueron tiene della dello degli delle nella sono come anche alla ' +
    'dalla questo questa essere stato stata loro quando dopo tutti mais pelo pela foram também onde muito isso seus voor zijn niet deze maar door ' +
    'over naar heeft worden werd meer hebben wordt zich onder från till inte eller efter denna detta varit blev ikke eller efter denne dette blitt ' +
    'være blev skal oraz jest przez jako przed które który która tego były było się это этот чтобы когда после также было были быть который которые ' +
    'только более между своих если'
  ).split(' '),
);
