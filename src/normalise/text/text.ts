import { Tokenizer } from 'htmlparser2';

/** The words of an HTML or plain text: block elements are set apart by an empty line, `<br>` by a
 *  line end, other white space is one space, entities are decoded. script, style, template,
 *  noscript and iframe are left out, as is a tag that a cut text leaves open at its end. Where
 *  there is no markup for paragraphs, empty lines keep paragraphs apart, and `<ABC>`, `<Acme Corp>`
 *  or `<me@a.org>` stays. Runs on htmlparser2's tokeniser alone (WHATWG HTML §13.2.5): its Parser
 *  keeps an open-element stack that is quadratic on hostile input. */
export function htmlToText(html: string): string {
  const tokens = tokeniseText(html);
  return foldTokens(tokens, 0, tokens.length, isPlain(tokens));
}

/** A text in the form in which equality means "nothing real has changed": NFKC (UAX #15), lower
 *  case, letters and numbers only, joined by single spaces; a number keeps the separators between
 *  its digits ("1,674,000" is one word). Zero-width characters, soft hyphens and direction marks
 *  vanish. A pile of more than twenty combining marks is cut, since normalising it takes quadratic
 *  time. */
export function toComparable(text: string): string {
  const pieces = text.length <= PIECE ? [text] : cutAtSpaces(text);
  const words = pieces.map((piece) => {
    // What follows changes nothing of ASCII but its case.
    if (isAscii.test(piece)) return piece.toLowerCase().match(asciiWord)?.join(' ') ?? '';
    const plain = piece.replace(invisible, '').replace(markPile, '$1').normalize('NFKC').toLowerCase().replace(invisible, '');
    return plain.match(comparableWord)?.join(' ') ?? '';
  });
  return words.length === 1 ? (words[0] ?? '') : words.filter((piece) => piece !== '').join(' ');
}

/** Longer texts are taken piece by piece: a list of the words of ten megabytes would take a
 *  gigabyte. */
const PIECE = 65_536;

/** Pieces of a text that end at white space; one with none in reach ends where it must. */
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

/** Elements whose content is code or a stand-in for readers without scripts or frames. */
export const droppedElements: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'noembed', 'noframes']);
const words = (text: string): Set<string> => new Set(text.split(' '));
/** A company or its stock's sign in a wire text, or an e-mail address: capitals or an @, no
 *  attribute, no such element in HTML. */
const noTag = /^<(?:[A-Z][^<>="'/:]*|[\w.+-]+@[\w.-]+)>$/;

/** Whether a document has no block element and no `<br>`: then its empty lines are all that keeps
 *  its paragraphs apart. */
export function isPlain(tokens: readonly Token[]): boolean {
  return tokens.every((token) => token.kind === 'text' || !(token.name === 'br' || blockElements.has(token.name)));
}

/** HTML elements that start and end a paragraph (WHATWG HTML §15.3), `td` and `th` excepted: cells
 *  stand side by side. */
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

/** A tag, or the text between two tags with its entities decoded. `start` and `end` are the tag's
 *  place in the document. */
export type Token =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'open' | 'close' | 'void'; readonly name: string; readonly start: number; readonly end: number };

/** Tags and words of a document in order. What stands inside script, style, template, noscript and
 *  iframe is left out, their own tags are not; neither are comments and declarations words. A tag
 *  that the end of the document cuts off gives no token. Names are in lower case, without the
 *  prefix that some feeds put before XHTML. CDATA counts as text, as feeds mean it. Linear in the
 *  length of the document. */
export function tokeniseText(html: string): readonly Token[] {
  if (!html.includes('<') && !html.includes('&')) return [{ kind: 'text', text: html }];
  if (newest?.html === html) return newest.tokens;
  const tokens = cut(html);
  newest = html.length <= MAX_KEPT ? { html, tokens } : null;
  return tokens;
}

/** A text is asked for its words, its blocks and its links in turn; cutting it is half of the
 *  work. */
let newest: { readonly html: string; readonly tokens: readonly Token[] } | null = null;
const MAX_KEPT = 100_000;

function cut(html: string): Token[] {
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
        // The tokeniser skips to the next ">" without saying where it is.
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

/** Some feeds carry XHTML with prefixes (`html:p`, `ns0:div`); others, such as Word's `o:p`, are no
 *  HTML. */
function toLocalName(name: string): string {
  return name.toLowerCase().replace(/^(?:x?html?|h|ns\d{1,3}):/, '');
}

const separators = ['', ' ', '\n', '\n\n'] as const;

/** The words of tokens `first` to `last` (exclusive) as plain text, laid out as `toText` says.
 *  `keepsLines`: there is no such element in the document, so that empty lines separate paragraphs;
 *  otherwise they are white space like any other (CSS Text §4.1.1). */
export function foldTokens(tokens: readonly Token[], first: number, last: number, keepsLines: boolean): string {
  const parts: string[] = [];
  let gap = 0;
  let lineEnds = 0;
  const addFolded = (text: string): void => {
    // Single spaces, which are most, match nothing: replacing each would make a list of all words.
    const folded = text.replace(/ \s+|[^\S ]\s*/g, ' ');
    const trimmed = folded.trim();
    if (folded.startsWith(' ')) gap = Math.max(gap, 1);
    if (trimmed === '') return;
    if (parts.length > 0) parts.push(separators[gap] ?? ' ');
    parts.push(trimmed);
    gap = folded.endsWith(' ') ? 1 : 0;
  };
  for (let index = first; index < last; index += 1) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === 'text' && keepsLines) {
      // Many empty lines say what one says.
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
  return parts.join('');
}
