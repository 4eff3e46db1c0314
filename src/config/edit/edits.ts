import { isCollection } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import { ConfigEditError } from '../../model/errors.ts';
import {
  commentLinesOf,
  contentOf,
  endOfKey,
  findPair,
  isFirstOnLine,
  itemsOf,
  lineEnd,
  lineStart,
  syntaxOf,
  valueOf,
} from './yaml-spans.ts';
import type { YamlPart, Span, YamlFile } from './yaml-spans.ts';
import { toInline } from './yaml-text.ts';
import type { Style } from './yaml-text.ts';

/** A span of the old text and its replacement. */
export interface Edit extends Span {
  readonly text: string;
}

/** Returns the text with all edits applied; they must not overlap. A text without a final line end
 *  gets none. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let done = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    done += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  done += text.slice(at);
  return text.endsWith('\n') ? done : done.replace(/\r?\n$/, '');
}

/** Removes an item from a block list. `isDedented` moves the remaining comments, and those directly
 *  below the item, to the column of the list's dashes. */
export function removeFromBlock(file: YamlFile, list: YAMLSeq, index: number, options: { readonly isDedented: boolean }): Edit[] {
  const { text, root } = file;
  const items = itemsOf(list);
  const item = items[index];
  const content = item && contentOf(item);
  if (!item || !content) throw notEditable(`sources[${index}]`);
  const edit = removeLines(file, item, content);
  const edits = [options.isDedented ? dedent(text, edit, text.slice(edit.from, content.from)) : edit];
  if (items.length > 1) return edits;
  const pair = root?.items.find(({ value }) => value === list);
  const keyEnd = pair ? endOfKey(pair) : null;
  if (keyEnd === null) throw notEditable('sources');
  return [{ from: keyEnd, to: keyEnd, text: ' []' }, ...edits];
}

/** Removes an item from a flow list (in brackets) with one comma, and with its line if that is then
 *  empty. */
export function removeFromFlow({ text, eol }: YamlFile, list: YAMLSeq, index: number): Edit[] {
  const item = itemsOf(list)[index];
  const content = item && contentOf(item);
  if (!item || !content) throw notEditable(`sources[${index}]`);
  const { before, after } = commasAround(list, index);
  const end = after === null ? content.to : after + 1;
  const rest = /^[ \t]*(?:#[^\n]*)?\r?\n/.exec(text.slice(end))?.[0].length;
  const isAlone = isFirstOnLine(text, content.from) && rest !== undefined;
  const spaces = after === null ? 0 : (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
  const span = isAlone ? { from: lineStart(text, content.from), to: end + rest } : { from: content.from, to: end + spaces };
  const kept = commentLinesOf(text, item, span).map((line) => line + eol);
  const edit = { ...span, text: `${isAlone || kept.length === 0 ? '' : eol}${kept.join('')}` };
  return after !== null || before === null ? [edit] : [{ from: before, to: before + 1, text: '' }, edit];
}

/** Sets a key of a block or flow map. */
export function changeKey(file: YamlFile, map: YAMLMap, key: string, value: unknown): Edit[] {
  const { text, eol } = file;
  const pair = findPair(map, key);
  if (!pair) return addKey(file, map, key, value);
  const written = toInline(value, styleOf(file, map));
  const keyEnd = endOfKey(pair);
  const token = valueOf(pair);
  const content = token && contentOf(token);
  if (keyEnd === null) throw notEditable(key);
  if (!content) return [{ from: keyEnd, to: keyEnd, text: ` ${written}` }];
  if (isCollection(pair.value) && pair.value.flow !== true)
    return [{ from: keyEnd, to: keyEnd, text: ` ${written}` }, removeLines(file, token, content)];
  const kept = commentLinesOf(text, token, content);
  const edit = { ...content, text: written };
  return kept.length === 0 ? [edit] : [edit, insertLines(text, lineEnd(text, content.to), kept, eol)];
}

/** Adds a key behind the last key of a map. */
export function addKey(file: YamlFile, map: YAMLMap, key: string, value: unknown): Edit[] {
  const { text, eol } = file;
  const content = contentOf(syntaxOf(map));
  const [first] = map.items;
  const last = map.items.at(-1);
  if (!content) throw notEditable(key);
  const style = styleOf(file, map);
  if (style !== 'block') {
    const at = last ? contentOf(syntaxOf(last))?.to : content.from + 1;
    if (at === undefined) throw notEditable(key);
    const name = style === 'json' ? JSON.stringify(key) : key;
    return [{ from: at, to: at, text: `${last ? ', ' : ''}${name}: ${toInline(value, style)}` }];
  }
  const from = first && contentOf(syntaxOf(first))?.from;
  if (from === undefined) throw notEditable(key);
  const indent = ' '.repeat(from - lineStart(text, from));
  return [insertLines(text, lineEnd(text, content.to), [`${indent}${key}: ${toInline(value, 'block')}`], eol)];
}

/** Returns an edit that inserts whole lines at the start of a line, or behind a last line without a
 *  line end. */
export function insertLines(text: string, at: number, lines: readonly string[], eol: string): Edit {
  const isOpen = at !== lineStart(text, at);
  return { from: at, to: at, text: `${isOpen ? eol : ''}${lines.join(eol)}${eol}` };
}

/** Returns the style in which a map or list is written. */
export function styleOf({ text, root }: YamlFile, node: YAMLMap | YAMLSeq): Style {
  if (node.flow !== true) return 'block';
  return root?.flow === true && isJson(text) ? 'json' : 'flow';
}

/** Returns the offsets of the commas on either side of an item in brackets; null where there is
 *  none. */
export function commasAround(list: YAMLSeq, index: number): { readonly before: number | null; readonly after: number | null } {
  const token = syntaxOf(list);
  const all = 'items' in token ? token.items : [];
  const item = itemsOf(list)[index];
  // The parser stores a comma with the item that follows it.
  const commaOf = (part: (typeof all)[number] | undefined) => part?.start.find(({ type }) => type === 'comma')?.offset ?? null;
  return { before: commaOf(item), after: commaOf(item && all[all.indexOf(item) + 1]) };
}

/** Returns the error for YAML whose form offers no position for the edit. */
export function notEditable(name: string): ConfigEditError {
  return new ConfigEditError(`${name} is written in a form that this command cannot edit: edit the file by hand`);
}

/** Removes the lines of a part, except comment lines. */
function removeLines({ text, eol }: YamlFile, part: YamlPart, content: Span): Edit {
  if (!isFirstOnLine(text, content.from)) throw notEditable('this');
  const span = { from: lineStart(text, content.from), to: lineEnd(text, content.to) };
  const kept = commentLinesOf(text, part, span).map((line) => line + eol);
  return { ...span, text: kept.join('') };
}

function dedent(text: string, edit: Edit, indent: string): Edit {
  const below = /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:[ \t]*#[^\n]*$)?/.exec(text.slice(edit.to))?.[0] ?? '';
  return { ...edit, to: edit.to + below.length, text: `${edit.text}${below}`.replace(/^[ \t]*(?=#)/gm, indent) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
