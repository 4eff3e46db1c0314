import { Tokenizer } from 'htmlparser2';

/** Returns the words of an HTML or plain text. Block elements are separated by an empty line,
 *  `<br>` is a line end, other white space is one space, entities are decoded. The content of
 *  script, style, template, noscript and iframe is left out, as is a tag that is cut off at the
 *  end. Without markup for paragraphs, empty lines separate them; `<ABC>`, `<Acme Corp>` or
 *  `<me@a.org>` is kept. Uses htmlparser2's tokeniser alone (WHATWG HTML §13.2.5): its Parser has a
 *  stack of open elements that is quadratic on hostile input. */
export function htmlToText(html: string): string {
  const tokens = tokeniseText(html);
  return foldTokens(tokens, 0, tokens.length, isPlain(tokens));
}

/** Returns a text in comparable form: equal results mean that nothing real has changed. NFKC (UAX
 *  #15), lower case, letters and numbers only, joined by single spaces. A number keeps the
 *  separators between its digits ("1,674,000" is one word). Zero-width characters, soft hyphens and
 *  direction marks are dropped. A run of more than twenty combining marks is cut, since normalising
 *  it takes quadratic time. */
export function toComparable(text: string): string {
  const pieces = text.length <= PIECE ? [text] : cutAtSpaces(text);
  const words = pieces.map((piece) => {
    // For ASCII the steps below change only the case.
    if (isAscii.test(piece)) return piece.toLowerCase().match(asciiWord)?.join(' ') ?? '';
    const plain = piece.replace(invisible, '').replace(markPile, '$1').normalize('NFKC').toLowerCase().replace(invisible, '');
    return plain.match(comparableWord)?.join(' ') ?? '';
  });
  return words.length === 1 ? (words[0] ?? '') : words.filter((piece) => piece !== '').join(' ');
}

/** Longer texts are processed in pieces: a list of the words of ten megabytes would take a
 *  gigabyte. */
const PIECE = 65_536;

/** Returns pieces of a text that end at white space; without any nearby, a piece ends at the
 *  limit. */
function cutAtSpaces(text: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    const end = from + PIECE;
    const space = end >= text.length ? text.length : text.lastIndexOf(' ', end);
    const to = space > from + PIECE / 2 ? space : Math.min(end, text.length);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

// oxlint-disable-next-line no-control-regex -- ASCII has them
const isAscii = /^[\0-\x7f]*$/;
const asciiWord = /[a-z0-9]+(?:(?<=[0-9])[.,:'](?=[0-9])[a-z0-9]+)*/g;
const invisible = /\p{Default_Ignorable_Code_Point}/gu;
const markPile = /(\p{M}{20})\p{M}+/gu;
const comparableWord = /[\p{L}\p{M}\p{N}]+(?:(?<=\p{N})[.,:'’](?=\p{N})[\p{L}\p{M}\p{N}]+)*/gu;

/** Elements that contain code, or content for readers without scripts or frames. */
export const droppedElements: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'noembed', 'noframes']);
const words = (text: string): Set<string> => new Set(text.split(' '));
/** A company, a stock symbol or an e-mail address in angle brackets, as in wire texts. It has
 *  capitals or an @, no attribute, and is no element of HTML. */
const noTag = /^<(?:[A-Z][^<>="'/:]*|[\w.+-]+@[\w.-]+)>$/;

/** Reports whether a document has no block element and no `<br>`. Then only empty lines separate
 *  its paragraphs. */
export function isPlain(tokens: readonly Token[]): boolean {
  return tokens.every((token) => token.kind === 'text' || !(token.name === 'br' || blockElements.has(token.name)));
}

/** HTML elements that start and end a paragraph (WHATWG HTML §15.3), except `td` and `th`, since
 *  cells are side by side. */
export const blockElements: ReadonlySet<string> = words(
  'address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 ' +
    'header hgroup hr html legend li main menu nav ol p pre section summary table tbody tfoot thead title tr ul',
);
const voidElements = words('area base basefont br col embed frame hr img input link meta param source track wbr');
const inlineElements = words(
  'a abbr acronym applet audio b bdi bdo big blink button canvas cite code colgroup data datalist del dfn em font frameset head i ins kbd label ' +
    'map mark marquee math meter nobr object optgroup option output picture plaintext progress q rb rp rt rtc ruby s samp search select slot ' +
    'small span strike strong sub sup svg td textarea th time tt u var video xmp',
);
const isElement = (name: string): boolean =>
  blockElements.has(name) || inlineElements.has(name) || voidElements.has(name) || droppedElements.has(name);

/** A tag, or the text between two tags with its entities decoded. `start` and `end` are the range
 *  of the tag in the document. */
export type Token =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'open' | 'close' | 'void'; readonly name: string; readonly start: number; readonly end: number };

/** Returns the tags and texts of a document in order. The content of script, style, template,
 *  noscript and iframe is left out, but not their tags. Comments, declarations and a tag that is
 *  cut off at the end give no token. Names are in lower case, without the prefix that some feeds
 *  put before XHTML. CDATA counts as text, as feeds mean it. The time is linear in the length of
 *  the document. */
export function tokeniseText(html: string): readonly Token[] {
  if (!html.includes('<') && !html.includes('&')) return [{ kind: 'text', text: html }];
  if (newest?.html === html) return newest.tokens;
  const tokens = tokenise(html);
  newest = html.length <= MAX_KEPT ? { html, tokens } : null;
  return tokens;
}

/** The words, blocks and links of one text are read in turn, and tokenising is half of the work. */
let newest: { readonly html: string; readonly tokens: readonly Token[] } | null = null;
const MAX_KEPT = 100_000;

function tokenise(html: string): Token[] {
  const tokens: Token[] = [];
  let dropping = '';
  let depth = 0;
  let name = '';
  let start = 0;
  const addText = (text: string): void => {
    if (dropping !== '') return;
    const last = tokens.at(-1);
    if (last?.kind === 'text') last.text += text;
    else tokens.push({ kind: 'text', text });
  };
  const addOpen = (end: number, selfClosing: boolean): void => {
    if (dropping !== '') {
      if (name === dropping && !selfClosing) depth += 1;
      return;
    }
    const raw = end - start > 80 ? '' : html.slice(start, end);
    if (noTag.test(raw) && !isElement(name)) {
      addText(raw);
      return;
    }
    const isVoid = selfClosing || voidElements.has(name);
    tokens.push({ kind: isVoid ? 'void' : 'open', name, start, end });
    if (!isVoid && droppedElements.has(name)) [dropping, depth] = [name, 1];
  };
  const tokenizer = new Tokenizer(
    { recognizeSelfClosing: true },
    {
      ontext: (from, to) => addText(html.slice(from, to)),
      ontextentity: (codePoint) => addText(String.fromCodePoint(codePoint)),
      oncdata: (from, to, offset) => addText(html.slice(from, to - offset)),
      onopentagname: (from, to) => {
        name = toLocalName(html.slice(from, to));
        start = from - 1;
      },
      onattribname: ignore,
      onopentagend: (at) => addOpen(at + 1, false),
      onselfclosingtag: (at) => addOpen(at + 1, true),
      onclosetag: (from, to) => {
        const closed = toLocalName(html.slice(from, to));
        if (dropping !== '') {
          if (closed !== dropping) return;
          depth -= 1;
          if (depth > 0) return;
          dropping = '';
        }
        // The tokeniser skips to the next ">" without giving its position.
        const end = html.indexOf('>', to);
        tokens.push({ kind: closed === 'br' ? 'void' : 'close', name: closed, start: from - 2, end: end < 0 ? html.length : end + 1 });
      },
      onattribdata: ignore,
      onattribentity: ignore,
      onattribend: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return tokens;
}

function ignore(): void {}

/** Returns a tag name without the prefixes of XHTML in feeds (`html:p`, `ns0:div`). Other prefixes,
 *  such as Word's `o:p`, are no HTML. */
function toLocalName(name: string): string {
  return name.toLowerCase().replace(/^(?:x?html?|h|ns\d{1,3}):/, '');
}

const separators = ['', ' ', '\n', '\n\n'] as const;

/** Returns the words of tokens `first` to `last` (exclusive) as plain text, in the layout of
 *  `htmlToText`. `keepsLines`: the document has no block element, so empty lines separate
 *  paragraphs. Otherwise line ends are white space (CSS Text §4.1.1). */
export function foldTokens(tokens: readonly Token[], first: number, last: number, keepsLines: boolean): string {
  const pieces: string[] = [];
  let gap = 0;
  let lineEnds = 0;
  const addFolded = (text: string): void => {
    // Single spaces, which are most, do not match: replacing each would make a list of all words.
    const folded = text.replace(/ \s+|[^\S ]\s*/g, ' ');
    const trimmed = folded.trim();
    if (folded.startsWith(' ')) gap = Math.max(gap, 1);
    if (trimmed === '') return;
    if (pieces.length > 0) pieces.push(separators[gap] ?? ' ');
    pieces.push(trimmed);
    gap = folded.endsWith(' ') ? 1 : 0;
  };
  for (let index = first; index < last; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === 'text' && keepsLines) {
      // Several empty lines count as one.
      for (const [number, line] of token.text
        .replace(/\n(?:[^\S\n]*\n){2,}/g, '\n\n')
        .split('\n')
        .entries()) {
        if (number > 0) lineEnds += 1;
        if (lineEnds > 0) gap = lineEnds > 1 ? 3 : Math.max(gap, 1);
        addFolded(line);
        if (line.trim() !== '') lineEnds = 0;
      }
    } else if (token.kind === 'text') addFolded(token.text);
    else if (token.name === 'br') gap = gap >= 2 ? 3 : 2;
    else if (blockElements.has(token.name)) gap = 3;
    else if (token.name === 'td' || token.name === 'th') gap = Math.max(gap, 1);
  }
  return pieces.join('');
}
