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

/** A source to write into the file: configuration keys (docs/configuration.md) in the order in
 *  which they are written. */
type NewSource = Readonly<Record<string, unknown>>;

/** Options for the values that are written. */
interface EditOptions {
  /** Keys in which `${NAME}` is a variable, because the owner typed it. In all other keys it is
   *  text and is written `$${NAME}`: a title or address from outside must not be able to name a
   *  secret of the environment. */
  readonly variables?: readonly string[];
}

/** Returns the text of a configuration file with sources added at the end of the list. Every byte
 *  of the old text is kept, in order. Comments after the last source stay behind the new ones,
 *  unless they are indented like its keys. A missing `sources` key is created.
 *  @throws ConfigEditError when the file is not YAML, or when the edit would change something
 *  else. */
export function addSources(text: string, sources: readonly NewSource[], options: EditOptions = {}): string {
  if (sources.length === 0) return text;
  const file = openYaml(text);
  const added = sources.map((source) => toLiteral(source, options));
  const edited = applyEdits(text, planAdding(file, added));
  return checked(
    edited,
    { ...file.value, sources: [...toArray(file.value['sources']), ...added] },
    'sources cannot be added without changing other parts of the file: add them by hand',
  );
}

/** Returns the text without the source at `index` in `sources`, counted from 0. Its lines are
 *  removed, except comments on lines of their own. The last removal leaves `[]`.
 *  @throws ConfigEditError when the file is not YAML, the source is missing, or an anchor in it is
 *  used elsewhere. */
export function removeSource(text: string, index: number): string {
  const file = openYaml(text);
  const list = listOf(file, index);
  const sources = toArray(file.value['sources']).filter((_, position) => position !== index);
  const expected = { ...file.value, sources };
  const message = `sources[${index}] cannot be removed alone: an anchor in it may be used elsewhere; edit the file by hand`;
  if (list.flow === true) return checked(applyEdits(text, removeFromFlow(file, list, index)), expected, message);
  const edits = (options: { readonly isDedented: boolean }) => applyEdits(text, removeFromBlock(file, list, index, options));
  // A comment indented as far as a multi-line text before it would become part of that text.
  return tryChecked(edits({ isDedented: false }), expected) ?? checked(edits({ isDedented: true }), expected, message);
}

/** Returns the text with keys of the source at `index` in `sources` set to new values. Missing keys
 *  are added.
 *  @throws ConfigEditError when the file is not YAML, the source does not exist, or an alias would
 *  change another part. */
export function changeSource(text: string, index: number, changes: Readonly<Record<string, unknown>>, options: EditOptions = {}): string {
  return Object.entries(toLiteral(changes, options)).reduce((before, [key, value]) => {
    const file = openYaml(before);
    const source = listOf(file, index).items[index];
    const message = `sources[${index}].${key} cannot be changed alone: it may be an alias, or an anchor used elsewhere; edit the file by hand`;
    if (!isMap(source)) throw new ConfigEditError(message);
    const sources = toArray(file.value['sources']).map((old, position) =>
      position === index ? { ...(old as NewSource), [key]: value } : old,
    );
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
  throw new ConfigEditError(`sources ${isAlias(pair.value) ? 'is an alias' : 'is not a list'}: add the source by hand`);
}

function listOf({ root }: YamlFile, index: number): YAMLSeq {
  const list = root && findPair(root, 'sources')?.value;
  if (isSeq(list) && index >= 0 && index < list.items.length) return list;
  throw new ConfigEditError(`there is no sources[${index}] in the configuration file`);
}

/** Returns the edited text if its values are exactly the expected ones.
 *  @throws ConfigEditError with `message` if they are not. */
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

/** Returns the map with `${` escaped in all values except those of `variables`. */
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
