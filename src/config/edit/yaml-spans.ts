import { isMap, isScalar, parseDocument, Parser } from 'yaml';
import type { CST, Document, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { ConfigEditError } from '../../model/errors.ts';

/** A span of the file's text; `to` is the offset behind its last character. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A YAML file with the offsets of its parts, for edits that leave the rest unchanged. */
export interface YamlFile {
  readonly text: string;
  readonly document: Document.Parsed;
  /** The top-level map; null when the file is empty or holds only comments. */
  readonly root: YAMLMap | null;
  /** The contents as plain values; an empty object when the file is empty. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The line end that the file uses. */
  readonly eol: string;
}

/** A part of the syntax tree whose offsets can be computed. */
export type YamlPart = CST.Token | CST.CollectionItem;

/** Parses a file that is to be edited.
 *  @throws ConfigEditError when it is not YAML, holds several documents or is not a map. */
export function openYaml(text: string): YamlFile {
  const document = parseDocument(text, { keepSourceTokens: true, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) throw new ConfigEditError(`the configuration is not YAML, or holds several documents: ${error.message}`, error);
  const { contents } = document;
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null && contents.source === '');
  if (!isEmpty && !isMap(contents)) throw new ConfigEditError('the configuration must be a map of keys such as sources and feeds');
  const value = toValue(document) ?? {};
  return { text, document, root: isEmpty ? null : (contents as YAMLMap), value, eol: /\r?\n/.exec(text)?.[0] ?? '\n' };
}

/** Converts a document to plain values. An alias without an anchor is found only here. */
function toValue(document: Document.Parsed): YamlFile['value'] | null {
  try {
    return document.toJS() as YamlFile['value'] | null;
  } catch (error) {
    if (error instanceof ReferenceError) throw new ConfigEditError(`the configuration is not YAML: ${error.message}`, error);
    throw error;
  }
}

/** Returns the pair of a key; null when the map lacks the key. */
export function findPair(map: YAMLMap, key: string): Pair | null {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) ?? null;
}

/** Returns the syntax token of a pair, a map or a list. */
export function syntaxOf(node: Pair | YAMLMap | YAMLSeq): YamlPart {
  const token = node.srcToken;
  if (!token) throw new ConfigEditError('the configuration is written in a form that cannot be edited');
  return token;
}

/** Returns the syntax tokens of a list's items, in order. */
export function itemsOf(list: YAMLSeq): CST.CollectionItem[] {
  const token = syntaxOf(list);
  const items = 'items' in token ? token.items : [];
  const isItem = (item: CST.CollectionItem) =>
    item.key !== undefined || item.value !== undefined || item.start.some(({ type }) => type === 'seq-item-ind');
  return items.filter(isItem);
}

/** Returns the span of a part, without leading commas and without the spaces, line ends and
 *  comments on either side. Returns null when nothing else is in the part. */
export function contentOf(part: YamlPart): Span | null {
  const leaves = [...leavesOf(part)].filter(({ type }) => !BLANK.has(type) && type !== 'comma');
  const first = leaves.at(0);
  const last = leaves.at(-1);
  return first && last ? { from: first.from, to: last.to } : null;
}

/** Returns the end of the last token between a pair's key and its value: the colon, or an anchor.
 *  Spaces and comments do not count. Returns null when there is none. */
export function endOfKey(pair: Pair): number | null {
  const part = syntaxOf(pair);
  const token = 'type' in part ? undefined : part.sep?.findLast(({ type }) => !BLANK.has(type));
  return token ? token.offset + token.source.length : null;
}

/** Returns the syntax token of a pair's value; null when there is none. */
export function valueOf(pair: Pair): CST.Token | null {
  const part = syntaxOf(pair);
  return 'type' in part ? null : (part.value ?? null);
}

/** Returns the offset of the document end marker (`...`); without one, the length of the text. */
export function endOfDocument(text: string): number {
  for (const token of new Parser().parse(text)) if (token.type === 'doc-end') return token.offset;
  return text.length;
}

/** Returns the comments of a part that lie within a span on lines of their own, in order, without
 *  line ends. */
export function commentLinesOf(text: string, part: YamlPart, span: Span): string[] {
  return [...leavesOf(part)]
    .filter(({ type, from, to }) => type === 'comment' && isFirstOnLine(text, from) && from >= span.from && to <= span.to)
    .map(({ from, to }) => text.slice(lineStart(text, from), to));
}

/** Returns the start of the line that contains an offset. */
export function lineStart(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return start === 0 && text.startsWith('\ufeff') ? 1 : start;
}

/** Returns the start of the next line; on the last line, the end of the text. Returns `at` itself
 *  when it is directly behind a line end. */
export function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Reports whether only spaces precede an offset on its line. */
export function isFirstOnLine(text: string, at: number): boolean {
  return text.slice(lineStart(text, at), at).trim() === '';
}

const BLANK: ReadonlySet<string> = new Set(['space', 'newline', 'comment']);

interface Leaf extends Span {
  readonly type: string;
}

/** Yields the tokens of a part, in the order of the file. */
function* leavesOf(part: YamlPart): Generator<Leaf> {
  if (!('type' in part)) {
    for (const token of part.start) yield toLeaf(token);
    if (part.key) yield* leavesOf(part.key);
    for (const token of part.sep ?? []) yield toLeaf(token);
    if (part.value) yield* leavesOf(part.value);
  } else if (part.type === 'block-scalar') {
    yield* part.props.flatMap((token) => ('source' in token ? [toLeaf(token as CST.SourceToken)] : []));
    const from = part.props.reduce((at, token) => at + ('source' in token ? token.source.length : 0), part.offset);
    const isKept = part.props.some((token) => token.type === 'block-scalar-header' && token.source.includes('+'));
    // Empty lines at the end are not part of a block scalar, unless its header has `+` (YAML 1.2
    // §8.1.1.2).
    const source = isKept ? part.source : part.source.trimEnd();
    if (source !== '') yield { type: part.type, from, to: from + source.length };
  } else if ('items' in part) {
    if (part.type === 'flow-collection') yield toLeaf(part.start);
    for (const item of part.items) yield* leavesOf(item);
    if (part.type === 'flow-collection') for (const token of part.end) yield toLeaf(token);
  } else if ('source' in part) {
    if (part.source !== '') yield toLeaf(part);
    if ('end' in part) for (const token of part.end ?? []) yield toLeaf(token);
  }
}

function toLeaf({ type, offset, source }: { readonly type: string; readonly offset: number; readonly source: string }): Leaf {
  return { type, from: offset, to: offset + source.length };
}
