import { isDeepStrictEqual } from 'node:util';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { YAMLSeq } from 'yaml';
import { ConfigEditError } from '../../model/errors.ts';
import { addToBlock, addToFlow, addUnderKey, appendKey } from './add.ts';
import { addKey, applyEdits, changeKey, removeFromBlock, removeFromFlow } from './edits.ts';
import type { Edit } from './edits.ts';
import { escapeVariables } from '../substitute.ts';
import { findPair, openYaml } from './yaml-spans.ts';
import type { YamlFile } from './yaml-spans.ts';

/** A source as the file is to say it: keys of the configuration (docs/configuration.md) in the
 *  order in which they are written. */
export type NewSource = Readonly<Record<string, unknown>>;

/** How values are written. */
export interface EditOptions {
  /** Keys whose `${NAME}` is meant as a variable, since the owner typed it. In all others it is
   *  text, written `$${NAME}`: a title or an address that comes from outside must not be able to
   *  name a secret of the environment. */
  readonly variables?: readonly string[];
}

/** The text of a configuration file with sources added behind those that it has; every byte of the
 *  old text is still there, in order. Comments that follow the last source stay behind the new
 *  ones, but for those that are indented as its keys are. `sources` is made when there is none.
 *  @throws ConfigEditError when the file is not YAML, or when this cannot be done without changing
 *  something else. */
export function addSources(text: string, sources: readonly NewSource[], options: EditOptions = {}): string {
  if (sources.length === 0) return text;
  const file = openYaml(text);
  const added = sources.map((source) => toLiteral(source, options));
  const edited = applyEdits(text, planAdding(file, added));
  return checked(
    edited,
    { ...file.value, sources: [...toArray(file.value['sources']), ...added] },
    'sources cannot be added without changing something else in the file: add them by hand',
  );
}

/** The text without the source at a place in `sources`, counted from 0: its lines are taken away,
 *  but comments that have a line to themselves stay. The last one leaves an empty list.
 *  @throws ConfigEditError when the file is not YAML, there is no such source, or something else
 *  uses a part of it (an anchor). */
export function removeSource(text: string, index: number): string {
  const file = openYaml(text);
  const list = listOf(file, index);
  const sources = toArray(file.value['sources']).filter((_, place) => place !== index);
  const expected = { ...file.value, sources };
  const message = `sources[${index}] cannot be taken out by itself: a part of it (an anchor) may be used elsewhere; edit the file by hand`;
  if (list.flow === true) return checked(applyEdits(text, removeFromFlow(file, list, index)), expected, message);
  const edits = (options: { readonly isDedented: boolean }) => applyEdits(text, removeFromBlock(file, list, index, options));
  // A comment may not stand as far to the right as a text of several lines before it, or it becomes
  // a part of that.
  return tryChecked(edits({ isDedented: false }), expected) ?? checked(edits({ isDedented: true }), expected, message);
}

/** The text with keys of the source at a place in `sources` set to other values; keys that it does
 *  not have are added behind its last one.
 *  @throws ConfigEditError when the file is not YAML, there is no such source, or the change would
 *  reach something else (an alias). */
export function changeSource(text: string, index: number, changes: Readonly<Record<string, unknown>>, options: EditOptions = {}): string {
  return Object.entries(toLiteral(changes, options)).reduce((before, [key, value]) => {
    const file = openYaml(before);
    const source = listOf(file, index).items[index];
    const message = `sources[${index}].${key} cannot be changed by itself: it may be an alias, or used elsewhere (an anchor); edit the file by hand`;
    if (!isMap(source)) throw new ConfigEditError(message);
    const sources = toArray(file.value['sources']).map((old, place) => (place === index ? { ...(old as NewSource), [key]: value } : old));
    return checked(applyEdits(before, changeKey(file, source, key, value)), { ...file.value, sources }, message);
  }, text);
}

function planAdding(file: YamlFile, sources: readonly NewSource[]): Edit[] {
  const { root } = file;
  if (root === null) return appendKey(file, sources);
  const pair = findPair(root, 'sources');
  if (!pair) return root.flow === true ? addKey(file, root, 'sources', sources) : appendKey(file, sources);
  const list = isSeq(pair.value) ? pair.value : null;
  if (list && list.flow !== true) return addToBlock(file, list, sources);
  const isEmpty = list ? list.items.length === 0 : pair.value === null || (isScalar(pair.value) && pair.value.value === null);
  const under = isEmpty && root.flow !== true ? addUnderKey(file, pair, sources) : null;
  if (under) return under;
  if (list) return addToFlow(file, list, sources);
  throw new ConfigEditError(`sources ${isAlias(pair.value) ? 'is an alias' : 'is no list'}: add the source by hand`);
}

function listOf({ root }: YamlFile, index: number): YAMLSeq {
  const list = root && findPair(root, 'sources')?.value;
  if (isSeq(list) && index >= 0 && index < list.items.length) return list;
  throw new ConfigEditError(`there is no sources[${index}] in the configuration file`);
}

/** The edited text, when it says what it should and nothing else.
 *  @throws ConfigEditError with the message when it does not. */
function checked(text: string, expected: YamlFile['value'], message: string): string {
  const done = tryChecked(text, expected);
  if (done === null) throw new ConfigEditError(message);
  return done;
}

function tryChecked(text: string, expected: YamlFile['value']): string | null {
  try {
    return isDeepStrictEqual(openYaml(text).value, expected) ? text : null;
  } catch (error) {
    if (error instanceof ConfigEditError) return null;
    throw error;
  }
}

/** With every string as the file has to say it. */
function toLiteral(map: NewSource, { variables = [] }: EditOptions): NewSource {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, variables.includes(key) ? value : escapeAll(value)]));
}

function escapeAll(value: unknown): unknown {
  if (typeof value === 'string') return escapeVariables(value);
  if (Array.isArray(value)) return value.map(escapeAll);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escapeAll(part)]));
}

function toArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
