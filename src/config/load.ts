import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { ConfigError } from '../model/errors.ts';
import type { ConfigFault } from '../model/errors.ts';
import { checkVariables, checkWhole, mayBeUnset } from './check.ts';
import type { ConfigChecks } from './check.ts';
import { toConfig } from './config.ts';
import type { AppConfig, Env } from './config.ts';
import { faultsOfIssues, HIDDEN, lineOf, toPathName, formatValue, valueAt } from './faults.ts';
import { options } from './options.ts';
import { webUrl } from './option-values.ts';
import { substitute } from './substitute.ts';

type Path = readonly PropertyKey[];

/** Reads a configuration file and applies the NEWSFOLD_* variables. Relative paths start at the
 *  folder of the file; the path in NEWSFOLD_STORE starts at the working directory (docs/design.md
 *  §92). `text` replaces the contents of the file, to check a change before saving.
 *  @throws ConfigError with all faults: line, key, value and allowed values. */
export function loadConfig(file: string, checks: ConfigChecks, env: Env = process.env, text: string | null = null): AppConfig {
  const path = resolve(file);
  const lines = new LineCounter();
  const document = parseDocument(text ?? readText(path), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const syntax = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    key: '',
    value: null,
    message: `not YAML: ${error.message}`,
  }));
  if (syntax.length > 0) throw new ConfigError(path, syntax);

  const fromVariables = new Map<string, Path>();
  const faults: ConfigFault[] = [];
  const where = (at: Path) => lineOf(document, lines, at);
  const unset = new Map<string, ConfigFault>();
  const note = (at: Path, names: readonly string[]) => {
    const key = toPathName(at);
    fromVariables.set(key, at);
    const unsetText = names.length === 1 ? `the variable ${names[0]} is` : `the variables ${names.join(' and ')} are`;
    const message = `${unsetText} not set: set a value, or write \${NAME:-} if it may be empty`;
    if (names.length > 0) unset.set(key, { line: where(at), key, value: null, message });
  };
  const raw = prepare(toPlain(document, path) ?? {}, env, note, []);
  const parsed = parseWithVariables(raw, fromVariables);
  checkVariables(
    env,
    (url) => webUrl.safeParse(url).success,
    (name, allowed) => faults.push({ line: null, key: name, value: HIDDEN, message: allowed }),
  );
  if (!parsed.success) faults.push(...faultsOfIssues(parsed.error.issues, raw, where, (name) => fromVariables.has(name)));
  checkWhole(raw, checks, (at, allowed, reason) => {
    const key = toPathName(at);
    const isSecret = fromVariables.has(key);
    faults.push({
      line: where(at),
      key,
      value: isSecret ? HIDDEN : formatValue(valueAt(raw, at)),
      message: isSecret || reason === undefined ? allowed : `${allowed}: ${reason}`,
    });
  });
  const stylesheet = parsed.success ? readStylesheet(parsed.data.site.stylesheet, dirname(path)) : null;
  if (stylesheet instanceof Error)
    faults.push({
      line: where(['site', 'stylesheet']),
      key: 'site.stylesheet',
      value: fromVariables.has('site.stylesheet') ? HIDDEN : formatValue(valueAt(raw, ['site', 'stylesheet'])),
      message: stylesheet.message,
    });
  if (!parsed.success || stylesheet instanceof Error || faults.length > 0 || unset.size > 0) {
    // A value with an unset variable has no other faults worth reporting.
    const all = [...unset.values(), ...faults.filter(({ key }) => !unset.has(key))];
    throw new ConfigError(
      path,
      all.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    );
  }
  return Object.freeze(toConfig(parsed.data, { file: path, savedAt: statSync(path).mtime, env, fromVariables, stylesheet }));
}

/** Converts a document to plain values. An alias without an anchor, and aliases that multiply
 *  without bound, are found only here. */
function toPlain(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigError(path, [{ line: null, key: '', value: null, message: `not YAML: ${error.message}` }]);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(path, [
      { line: null, key: '', value: null, message: `cannot be read (${reason}): name another file with --config FILE` },
    ]);
  }
}

/** Largest stylesheet in bytes: each page loads it before it is shown. */
const LARGEST_STYLESHEET = 200_000;

/** Returns the owner's CSS; null when none is configured; an Error when the file cannot be used. */
function readStylesheet(given: string | undefined, folder: string): string | null | Error {
  if (given === undefined) return null;
  try {
    const css = readFileSync(resolve(folder, given), 'utf8');
    return css.length > LARGEST_STYLESHEET ? new Error(`must be a CSS file of at most ${LARGEST_STYLESHEET / 1000} kB`) : css;
  } catch (error) {
    return new Error(
      `must be a CSS file that can be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'})`,
    );
  }
}

/** Substitutes variables and drops keys without a value: an empty key counts as absent. `note`
 *  receives each path with variables, and the names of those that are unset. */
function prepare(value: unknown, env: Env, note: (at: Path, unset: readonly string[]) => void, at: Path): unknown {
  if (typeof value === 'string') {
    const done = substitute(value, env);
    const isAbsent = done.unset.length > 0 ? mayBeUnset(value, at, env) : done.hasVariable && done.value === '';
    if (done.hasVariable) note(at, isAbsent ? [] : done.unset);
    return isAbsent ? null : done.value;
  }
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => prepare(part, env, note, [...at, index]));
    return parts.filter((part, index) => part !== null || value[index] === null);
  }
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).map(([key, part]) => [key, prepare(part, env, note, [...at, key])] as const);
  return Object.fromEntries(kept.filter(([, part]) => part !== null && part !== undefined));
}

/** Checks the file against the schema. A value from a variable is text, so it is also tried as a
 *  number or a boolean where the schema wants one. */
function parseWithVariables(raw: unknown, fromVariables: ReadonlyMap<string, Path>) {
  const first = options.safeParse(raw);
  if (first.success) return first;
  let changed = false;
  for (const issue of first.error.issues) {
    if (!fromVariables.has(toPathName(issue.path))) continue;
    const holder = issue.path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)[key], raw) as Record<
      PropertyKey,
      unknown
    >;
    const key = issue.path.at(-1) ?? '';
    const text = holder[key];
    if (text === 'true' || text === 'false') holder[key] = text === 'true';
    else if (typeof text === 'string' && /^-?\d+$/.test(text)) holder[key] = Number(text);
    changed ||= holder[key] !== text;
  }
  return changed ? options.safeParse(raw) : first;
}

/** Returns the environment of the process, for programs that it starts on behalf of the owner. */
export function inheritEnvironment(): Env {
  return process.env;
}
