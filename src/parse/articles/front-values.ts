import { parse as parseToml, TomlDate, TomlError } from 'smol-toml';
import { isMap, isScalar, parseDocument } from 'yaml';
import type { FrontForm } from './front-fence.ts';

/** A value of front matter with its line. */
export interface FrontValue {
  /** The key as written. */
  readonly key: string;
  readonly value: unknown;
  /** Line of the file, counted from 1; null when it is unknown. */
  readonly line: number | null;
}

/** Values of front matter by key. The keys are in lower case without spaces, `-` and `_`, because
 *  each program spells `publishDate` differently. */
export type FrontValues = ReadonlyMap<string, FrontValue>;

/** The contents of a block of front matter: keys with values, another kind of content (a list, a
 *  text, nothing), or a fault. The line of a fault counts from the fence. */
type FrontContent =
  | { readonly kind: 'keys'; readonly pairs: readonly FrontValue[] }
  | { readonly kind: 'list' | 'text' | 'nothing' }
  | {
      readonly kind: 'fault';
      /** The reason as a predicate, such as `has more than 20 aliases`. */ readonly cause: string;
      readonly line: number | null;
    };

/** Most uses of aliases: nested ones multiply without bound. */
const MAX_ALIASES = 20;

/** Reads a block of front matter. Lines in the result count from 0. */
export function readFrontText(text: string, form: FrontForm): FrontContent {
  if (form === 'toml') return readToml(text);
  return form === 'json' ? readJson(text) : readYaml(text);
}

/** Returns a key in the form in which it is looked up. */
export function toFrontKey(key: string): string {
  return key.toLowerCase().replace(/[\s_-]+/g, '');
}

/** Returns the lines of keys, counted from 0. Keys with less indentation win, because they are not
 *  part of another value. */
function findKeyLines(text: string): ReadonlyMap<string, number> {
  const found: (readonly [key: string, line: number, indent: number])[] = [];
  for (const [line, content] of text.split('\n').entries()) {
    const [, indent, key] = /^([ \t{,]*)["']?([^"':={]+?)["']?[ \t]*[:=]/.exec(content.slice(0, 200)) ?? [];
    if (key !== undefined) found.push([toFrontKey(key), line, indent?.length ?? 0]);
  }
  return new Map(found.toSorted((a, b) => b[2] - a[2] || b[1] - a[1]).map(([key, line]) => [key, line]));
}

function readYaml(text: string): FrontContent {
  const aliases = text.match(/(?:^|[\s,[{:-])\*[^\s,\]}]/g)?.length ?? 0;
  if (aliases > MAX_ALIASES) return { kind: 'fault', cause: `has more than ${MAX_ALIASES} aliases`, line: null };
  try {
    // Dates stay text, so that the normaliser reads them with their zone. Repeated keys are found
    // below, because the YAML parser compares keys in quadratic time.
    const document = parseDocument(text, { schema: 'core', merge: true, uniqueKeys: false, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) return { kind: 'fault', cause: `is not valid YAML (${firstLine(error.message)})`, line: (error.linePos?.[0].line ?? 1) - 1 };
    const { contents } = document;
    if (isMap(contents)) {
      const twice = findRepeated(contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')));
      if (twice !== null) return repeated(text, twice);
    }
    return toContent(document.toJS({ maxAliasCount: MAX_ALIASES }), text);
  } catch (error) {
    // The YAML parser throws a ReferenceError for an alias without an anchor and a RangeError for
    // deep nesting. Merging a value that is no map throws a plain Error.
    if (!(error instanceof Error)) throw error;
    return { kind: 'fault', cause: `is not valid YAML (${firstLine(error.message)})`, line: null };
  }
}

function readToml(text: string): FrontContent {
  try {
    return toContent(parseToml(text), text);
  } catch (error) {
    if (!(error instanceof TomlError) && !(error instanceof RangeError)) throw error;
    const cause = firstLine(error.message).replace(/^Invalid TOML document: /, '');
    return { kind: 'fault', cause: `is not valid TOML (${cause})`, line: error instanceof TomlError ? error.line - 1 : null };
  }
}

function readJson(text: string): FrontContent {
  // Between `;;;` the members have no braces around them.
  const object = text.trimStart().startsWith('{') ? text : `{${text}}`;
  try {
    const content = toContent(JSON.parse(object), text);
    // JSON.parse takes the last of repeated keys. JSON is also YAML, whose parser reports them.
    const twice = content.kind === 'keys' ? readYaml(object) : content;
    return twice.kind === 'fault' && twice.cause.endsWith(' twice') ? twice : content;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return { kind: 'fault', cause: `is not valid JSON (${firstLine(error.message)})`, line: null };
  }
}

function toContent(value: unknown, text: string): FrontContent {
  if (value === null || value === undefined) return { kind: 'nothing' };
  if (Array.isArray(value)) return { kind: 'list' };
  if (typeof value !== 'object') return { kind: 'text' };
  const lines = findKeyLines(text);
  const pairs = Object.entries(value).map(([key, part]: [string, unknown]) => ({
    key,
    value: part instanceof TomlDate ? part.toISOString() : part,
    line: lines.get(toFrontKey(key)) ?? null,
  }));
  return { kind: 'keys', pairs };
}

function findRepeated(keys: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const key of keys) {
    if (key !== '' && key !== '<<' && seen.has(key)) return key;
    seen.add(key);
  }
  return null;
}

function repeated(text: string, key: string): FrontContent {
  return { kind: 'fault', cause: `has the key ${key.slice(0, 60)} twice`, line: findKeyLines(text).get(toFrontKey(key)) ?? null };
}

function firstLine(message: string): string {
  // The line is removed here, because the fault names it separately, counted from the top of the
  // file.
  const line = (message.split('\n')[0] ?? '').replace(/:$/, '');
  return line.replace(/ at line \d+, column \d+$/, '').slice(0, 200);
}
