import { isMap, isNode, isPair, isScalar } from 'yaml';
import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import type { ConfigFault } from '../model/errors.ts';

type Path = readonly PropertyKey[];

/** Returns a path as the owner writes it: `sources[2].priority`. */
export function toPathName(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

/** Returns the line of a key in the file, counted from 1; for a missing key, the line of the
 *  nearest key around it. Returns null in an empty file. */
export function lineOf(document: Document, lines: LineCounter, path: Path): number | null {
  for (let length = path.length; length > 0; length--) {
    const holder = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(holder) ? holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key) : null;
    const node = pair ? pair.key : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

/** Shown in a fault in place of a value that may be a secret. */
export const HIDDEN = '(from the environment)';

/** Returns the value at a path; undefined when there is none. */
export function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | null | undefined)?.[key], raw);
}

/** Returns a value as a fault shows it: JSON of at most 60 characters; null for a map, a list or
 *  undefined. */
export function formatValue(value: unknown): string | null {
  if (value === undefined || (typeof value === 'object' && value !== null)) return null;
  const text = JSON.stringify(value) ?? '?';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** Returns the issues of the schema as faults, one for each unknown key. Values from the
 *  environment are hidden. */
export function faultsOfIssues(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  line: (path: Path) => number | null,
  isSecret: (name: string) => boolean,
): ConfigFault[] {
  return issues.flatMap((issue) => {
    const paths: Path[] = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return paths.map((path) => {
      const value = valueAt(raw, path);
      const name = toPathName(path);
      return {
        line: line(path),
        key: name,
        value: isSecret(name) && value !== undefined ? HIDDEN : formatValue(value),
        message: toMessage(issue, value),
      };
    });
  });
}

function toMessage(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is required and missing';
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')) return `must be ${article(issue.expected)}`;
  return issue.message;
}

function article(kind: string): string {
  const named: Readonly<Record<string, string>> = {
    string: 'text',
    array: 'a list',
    record: 'a map of keys',
    object: 'a map of keys',
    number: 'a number',
  };
  return named[kind] ?? kind;
}
