import { isSeq } from 'yaml';
import type { Pair, YAMLSeq } from 'yaml';
import { commasAround, insertLines, notEditable, styleOf } from './edits.ts';
import type { Edit } from './edits.ts';
import { contentOf, endOfDocument, endOfKey, isFirstOnLine, itemsOf, lineEnd, lineStart, syntaxOf, valueOf } from './yaml-spans.ts';
import type { YamlFile } from './yaml-spans.ts';
import { toBlockLines, toInline } from './yaml-text.ts';

type Item = Readonly<Record<string, unknown>>;

/** Columns of a list's dashes and of the keys of its items. */
interface Columns {
  readonly dash: number;
  readonly key: number;
}

/** Adds items to the end of a block list, indented as its last item. An empty line precedes each
 *  item if one precedes the last item. Comments directly below that item, indented further than its
 *  dash, belong to it and stay above the new items. */
export function addToBlock({ text, eol }: YamlFile, list: YAMLSeq, sources: readonly Item[]): Edit[] {
  const items = itemsOf(list);
  const [previous, last] = items.length > 1 ? items.slice(-2) : [undefined, items[0]];
  const content = last && contentOf(last);
  if (!last || !content || !isFirstOnLine(text, content.from)) throw notEditable('sources');
  const dash = content.from - lineStart(text, content.from);
  const key = last.value && contentOf(last.value);
  const isOnLine = key && last.value?.type === 'block-map' && last.start.every(({ type }) => type === 'seq-item-ind' || type === 'space');
  const columns = { dash, key: isOnLine ? key.from - lineStart(text, content.from) : dash + 2 };
  const gap = text.slice((previous && contentOf(previous)?.to) ?? content.from, content.from);
  let at = lineEnd(text, content.to);
  for (let own = toOwnComment(text, at, dash); own > 0; own = toOwnComment(text, at, dash)) at += own;
  const lines = sources.flatMap((source) => [...(/\n[ \t]*\r?\n/.test(gap) ? [''] : []), ...toItemLines(source, columns)]);
  return [insertLines(text, at, lines, eol)];
}

/** Adds items below a key without a value, or with empty brackets on its line. Returns null when
 *  the brackets hold comments. */
export function addUnderKey(file: YamlFile, pair: Pair, sources: readonly Item[]): Edit[] | null {
  const { text, eol } = file;
  const keyEnd = endOfKey(pair);
  const token = valueOf(pair);
  if (keyEnd === null) throw notEditable('sources');
  const to = (token && contentOf(token)?.to) ?? keyEnd;
  if (text.slice(keyEnd, to).includes('\n')) return null;
  const lines = sources.flatMap((source) => toItemLines(source, columnsIn(file)));
  return [{ from: keyEnd, to, text: '' }, insertLines(text, lineEnd(text, to), lines, eol)];
}

/** Adds the key `sources` with its items at the end of the file. */
export function appendKey(file: YamlFile, sources: readonly Item[]): Edit[] {
  const { text, eol } = file;
  const columns = columnsIn(file);
  const at = endOfDocument(text);
  const before = text.slice(0, at);
  const isApart = before.trim() === '' || /\n[ \t]*\r?\n$/.test(before);
  const key = `${' '.repeat(rootColumn(file))}sources:`;
  return [insertLines(text, at, [...(isApart ? [] : ['']), key, ...sources.flatMap((source) => toItemLines(source, columns))], eol)];
}

/** Adds items to the end of a flow list (in brackets), on lines of their own if its last item has
 *  its own line. */
export function addToFlow(file: YamlFile, list: YAMLSeq, sources: readonly Item[]): Edit[] {
  const { text, eol } = file;
  const written = sources.map((source) => toInline(source, styleOf(file, list)));
  const items = itemsOf(list);
  const last = items.at(-1);
  const content = contentOf(last ?? syntaxOf(list));
  if (!content) throw notEditable('sources');
  if (!last) return [{ from: content.from + 1, to: content.from + 1, text: written.join(', ') }];
  const { after } = commasAround(list, items.length - 1);
  const isAlone = isFirstOnLine(text, content.from) && /^[ \t]*,?[ \t]*(?:#[^\n]*)?\r?\n/.test(text.slice(content.to));
  if (!isAlone) return [{ from: content.to, to: content.to, text: `, ${written.join(', ')}` }];
  const indent = text.slice(lineStart(text, content.from), content.from);
  const lines = written.map((line, index) => `${indent}${line}${after === null && index === written.length - 1 ? '' : ','}`);
  const comma = after === null ? [{ from: content.to, to: content.to, text: ',' }] : [];
  return [...comma, insertLines(text, lineEnd(text, content.to), lines, eol)];
}

function toItemLines(source: Item, { dash, key }: Columns): string[] {
  return toBlockLines(source).map((line, index) =>
    index === 0 ? `${' '.repeat(dash)}-${' '.repeat(key - dash - 1)}${line}` : `${' '.repeat(key)}${line}`,
  );
}

/** Returns the columns that another list of the file uses, such as `feeds`; else two spaces further
 *  in than the top-level keys. */
function columnsIn(file: YamlFile): Columns {
  const { text, root } = file;
  for (const { value } of root?.items ?? []) {
    const content = isSeq(value) && value.flow !== true ? contentOf(syntaxOf(value)) : null;
    const dash = content && content.from - lineStart(text, content.from);
    if (content && dash !== null && isFirstOnLine(text, content.from)) return { dash, key: dash + 2 };
  }
  const dash = rootColumn(file) + 2;
  return { dash, key: dash + 2 };
}

function rootColumn({ text, root }: YamlFile): number {
  const content = root?.items[0] && contentOf(syntaxOf(root.items[0]));
  return content && isFirstOnLine(text, content.from) ? content.from - lineStart(text, content.from) : 0;
}

/** Returns the length of the comment line that starts at `at`, line end included, if it is indented
 *  further than `column`; else 0. */
function toOwnComment(text: string, at: number, column: number): number {
  const line = /^([ \t]*)#[^\n]*(?:\n|$)/.exec(text.slice(at, lineEnd(text, at + 1)));
  return line && at === lineStart(text, at) && (line[1] ?? '').length > column ? line[0].length : 0;
}
