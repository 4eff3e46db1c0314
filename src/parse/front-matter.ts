import { parse, YAMLParseError } from 'yaml';
import type { Problem } from '../model/errors.ts';

/** What stands above a Markdown article. */
export interface FrontMatter {
  /** Keys in lower case; empty when there is none or it cannot be read. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The article below it. */
  readonly body: string;
  readonly problems: readonly Problem[];
}

/** Splits YAML front matter (`---` … `---` on top) from the text. One that is no YAML is a problem, and the text below still counts. */
export function parseFrontMatter(text: string): FrontMatter {
  const head = /^﻿?---[ \t]*\r?\n/.exec(text);
  if (!head) return { values: {}, body: text, problems: [] };
  const rest = text.slice(head[0].length);
  const end = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m.exec(rest);
  if (!end) return { values: {}, body: text, problems: [] };
  const body = rest.slice(end.index + end[0].length);
  try {
    // Dates stay text: the date table reads them, with their zone as written.
    const value: unknown = parse(rest.slice(0, end.index), { schema: 'core', maxAliasCount: 20, logLevel: 'error' });
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return { values: {}, body, problems: [] };
    return { values: Object.fromEntries(Object.entries(value).map(([key, part]) => [key.toLowerCase(), part])), body, problems: [] };
  } catch (error) {
    // An alias of nothing is a ReferenceError, nesting without end a RangeError.
    if (!(error instanceof YAMLParseError) && !(error instanceof ReferenceError) && !(error instanceof RangeError)) throw error;
    const reason = error.message.split('\n')[0] ?? '';
    return {
      values: {},
      body,
      problems: [{ code: 'article/front-matter', message: `the front matter is no YAML (${reason}): read without it` }],
    };
  }
}
