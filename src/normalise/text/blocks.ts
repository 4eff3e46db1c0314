import { blockElements, droppedElements, foldTokens, isPlain, type Token, tokeniseText, htmlToText } from './text.ts';

/** A block of the top-level flow of a document. The `html` of all blocks, joined, is the document,
 *  character by character. */
export interface Block {
  /** Markup as in the document, with the white space that follows it. */
  readonly html: string;
  /** The block as plain text; empty for pictures, breaks and frames. */
  readonly text: string;
  /** text: a paragraph, heading or box of words. break: a rule or a line of signs. other: quote,
   *  list, table, figure, picture. frame: an opening or closing tag of an element around nearly
   *  everything; every selection of blocks needs all frames. */
  readonly kind: 'text' | 'break' | 'other' | 'frame';
}

/** Cuts a document into the blocks of its top-level flow, in order, without losing a character.
 *  Text with two `<br>` in a row, or with empty lines instead of markup, becomes several
 *  paragraphs. An element with at least nine tenths of the words is opened, and its tags become
 *  blocks of kind frame. Any selection of blocks with all frames is then as well-formed as the
 *  document. Other boxes stay whole: of kind text unless they contain a quote, list, table, figure
 *  or code. The tree is at most 100 deep; deeper tags are ignored. */
export function toBlocks(html: string): Block[] {
  const tokens = tokeniseText(html);
  if (isPlain(tokens)) return toPlainBlocks(html);
  const { root, letters } = buildTree(tokens, html.length);
  return flowOf(root, letters).map((span) => {
    const text = span.kind === 'frame' ? '' : foldTokens(tokens, span.first, span.last, false);
    return { html: html.slice(span.start, span.end), text, kind: kindOf(span, text) };
  });
}

const breakLine = /^(?:([*_•·~=◆■●※-])(?: ?\1){2,}|[—⁂⸻―❦](?: ?[—⁂⸻―❦])*)$/u;

/** Elements whose content is not the article's own running text, so that update marks in them do
 *  not count. */
const quotingElements = new Set('aside blockquote details dir dl figure form menu nav ol pre table ul'.split(' '));

/** An element with its position in the document and in the tokens. */
interface Node {
  readonly name: string;
  readonly start: number;
  readonly inner: number;
  readonly first: number;
  readonly children: Node[];
  innerEnd: number;
  end: number;
  last: number;
  holdsQuoting: boolean;
  holdsRule: boolean;
}

const maxDepth = 100;

/** Returns the tree of elements, and for each token the number of text characters before it. */
function buildTree(tokens: readonly Token[], length: number): { root: Node; letters: Float64Array } {
  const letters = new Float64Array(tokens.length + 1);
  const root = toNode('', 0, 0, -1);
  const stack: Node[] = [root];
  const close = (depth: number, at: number, last: number): void => {
    for (const node of stack.splice(depth)) [node.innerEnd, node.end, node.last] = [at, at, last];
  };
  for (const [index, token] of tokens.entries()) {
    letters[index + 1] = (letters[index] ?? 0) + (token.kind === 'text' ? token.text.trim().length : 0);
    if (token.kind === 'text') continue;
    const isBlock = blockElements.has(token.name);
    if (token.kind === 'close') {
      const depth = findOpen(stack, token.name, isBlock);
      if (depth < 0) continue;
      const node = stack[depth];
      close(depth, token.start, index);
      // The tag belongs to the outermost element that it closes; inner elements end before it.
      if (node !== undefined) [node.end, node.last] = [token.end, index + 1];
      continue;
    }
    const paragraph = isBlock ? findOpen(stack, 'p', false) : -1;
    if (paragraph > 0) close(paragraph, token.start, index);
    if (stack.length > maxDepth) continue;
    const node = toNode(token.name, token.start, token.end, index);
    stack.at(-1)?.children.push(node);
    if (token.kind === 'void') {
      [node.innerEnd, node.end, node.last] = [token.end, token.end, index + 1];
      if (token.name === 'hr') for (const open of stack) open.holdsRule = true;
    } else {
      if (quotingElements.has(token.name)) for (const open of stack) open.holdsQuoting = true;
      stack.push(node);
    }
  }
  close(0, length, tokens.length);
  return { root, letters };
}

function toNode(name: string, start: number, inner: number, first: number): Node {
  return { name, start, inner, first, children: [], innerEnd: inner, end: inner, last: first + 1, holdsQuoting: false, holdsRule: false };
}

/** Returns the depth of the open element that a tag closes; -1 for none. An inline or implied end
 *  tag does not reach beyond its block. */
function findOpen(stack: readonly Node[], name: string, overBlocks: boolean): number {
  for (let depth = stack.length - 1; depth > 0; depth -= 1) {
    const open = stack[depth]?.name ?? '';
    if (open === name) return depth;
    if (!overBlocks && blockElements.has(open)) return -1;
  }
  return -1;
}

interface Span {
  readonly kind: 'frame' | 'rule' | 'quoting' | 'flow';
  readonly start: number;
  end: number;
  readonly first: number;
  last: number;
  readonly holdsRule: boolean;
}

function flowOf(node: Node, letters: Float64Array): Span[] {
  const spans: Span[] = [];
  const lettersIn = (first: number, last: number): number => (letters[last] ?? 0) - (letters[first] ?? 0);
  const most = lettersIn(node.first + 1, node.last) * 0.9;
  // [from, fromToken) is the start of the characters that are not in a span yet.
  let [from, fromToken] = [node.inner, node.first + 1];
  let inRun: Node[] = [];
  let previousBreak: Node | null = null;
  const add = (end: number, last: number, kind: Span['kind'], holdsRule: boolean): void => {
    spans.push({ kind, start: from, end, first: fromToken, last, holdsRule });
    [from, fromToken, inRun] = [end, last, []];
  };
  /** Ends the run of inline content. A run without words or pictures joins the span before it. */
  const endRun = (end: number, last: number): void => {
    const before = spans.at(-1);
    if (inRun.length > 0 || lettersIn(fromToken, last) > 0)
      add(end, last, inRun.some((one) => one.holdsQuoting) ? 'quoting' : 'flow', false);
    else if (before !== undefined) [before.end, before.last, from, fromToken] = [end, last, end, last];
  };
  for (const child of node.children) {
    const isLookedThrough =
      child.children.length > 0 && lettersIn(child.first, child.last) >= most && most > 0 && !quotingElements.has(child.name);
    const inner = isLookedThrough ? flowOf(child, letters) : [];
    if (inner.filter((span) => span.kind !== 'frame').length > 1) {
      endRun(child.start, child.first);
      add(child.inner, child.first + 1, 'frame', false);
      for (const span of inner) spans.push(span);
      [from, fromToken] = [child.innerEnd, child.last - (child.end > child.innerEnd ? 1 : 0)];
      if (child.end > child.innerEnd) add(child.end, child.last, 'frame', false);
    } else if (child.name === 'br') {
      const isSecond = previousBreak !== null && lettersIn(previousBreak.last, child.first) === 0;
      if (isSecond) endRun(child.end, child.last);
      previousBreak = child;
      continue;
    } else if (blockElements.has(child.name)) {
      endRun(child.start, child.first);
      const isQuoting = child.holdsQuoting || quotingElements.has(child.name);
      add(child.end, child.last, child.name === 'hr' ? 'rule' : isQuoting ? 'quoting' : 'flow', child.holdsRule);
    } else if (child.last > child.first && !droppedElements.has(child.name)) inRun.push(child);
    previousBreak = null;
  }
  endRun(node.innerEnd, node.end > node.innerEnd ? node.last - 1 : node.last);
  if (from < node.innerEnd) add(node.innerEnd, node.last, 'flow', false);
  return spans;
}

function kindOf(span: Span, text: string): Block['kind'] {
  if (span.kind === 'frame') return 'frame';
  if (span.kind === 'rule') return 'break';
  if (span.kind === 'quoting') return 'other';
  if (text === '') return span.holdsRule ? 'break' : 'other';
  return isBreakLine(text) ? 'break' : 'text';
}

function isBreakLine(text: string): boolean {
  return text.length < 200 && breakLine.test(text);
}

/** Returns the paragraphs between empty lines. */
function toPlainBlocks(text: string): Block[] {
  const starts: number[] = [];
  let isAfterBlank = false;
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf('\n', start);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const isBlank = text.slice(start, next).trim() === '';
    if (!isBlank && (isAfterBlank || starts.length === 0)) starts.push(start);
    isAfterBlank = isBlank;
    start = next;
  }
  if (starts.length === 0 && text !== '') return [{ html: text, text: '', kind: 'other' }];
  return starts.map((start, index) => {
    const html = text.slice(index === 0 ? 0 : start, starts[index + 1] ?? text.length);
    const words = htmlToText(html);
    return { html, text: words, kind: words === '' ? 'other' : isBreakLine(words) ? 'break' : 'text' };
  });
}
