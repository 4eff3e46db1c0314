import * as fc from 'fast-check';
import { parse } from 'yaml';

/** A configuration as a person might write it. Each comment ends with a number of its own, so that
 *  a test notices when one comment replaces another. */
export interface AnyConfig {
  readonly text: string;
  readonly sources: readonly object[];
}

const noise = fc.array(fc.constantFrom('', '# one', '  # two', '      # three', '\t# four'), { maxLength: 2 });
const trailing = fc.constantFrom('', ' # here');
const words = fc.constantFrom('a', 'b c', 'https://x.test/?a=1&b=2#c', "it's", 'ü 🦀', 'x: y', '# no comment', '12', 'true', '@a');

/** A key with its value, in block and flow form. */
const field = fc.oneof(
  fc
    .tuple(fc.constantFrom('feed', 'title', 'page'), words, fc.constantFrom('plain', 'single', 'double', 'literal', 'folded'), trailing)
    .map(([key, value, form, end]) => ({ key, lines: toScalarLines(key, value, form, end), flow: `${key}: ${toQuoted(value, form)}` })),
  fc
    .tuple(fc.array(fc.constantFrom('x', 'y-1'), { minLength: 1, maxLength: 3 }), fc.constantFrom('lines', 'brackets', 'open'), trailing)
    .map(([tags, form, end]) => ({ key: 'tags', lines: toTagLines(tags, form, end), flow: `tags: [${tags.join(', ')}]` })),
);

const item = fc
  .record({
    fields: fc.uniqueArray(field, { selector: ({ key }) => key, minLength: 1, maxLength: 4 }),
    between: noise,
    after: noise,
    trailing,
    form: fc.constantFrom('lines', 'dash alone', 'braces'),
  })
  .map((made) => ({ ...made, flow: `{ ${made.fields.map(({ flow }) => flow).join(', ')} }` }));

type Item = typeof item extends fc.Arbitrary<infer T> ? T : never;

const list = fc.record({
  items: fc.array(item, { maxLength: 4 }),
  above: noise,
  trailing,
  indent: fc.constantFrom(0, 2, 4),
  spaces: fc.constantFrom(1, 3),
  style: fc.constantFrom('lines', 'lines', 'brackets', 'open brackets'),
});

type List = typeof list extends fc.Arbitrary<infer T> ? T : never;

/** Generates configurations with sources in block or flow style, and comments and empty lines in
 *  any position. */
export const anyConfig: fc.Arbitrary<AnyConfig> = fc
  .record({
    before: noise,
    head: fc.constantFrom('', 'site: { title: x }', 'site:\n  title: |\n    a # b\n\n  language: en # c', 'store: sqlite:x.db'),
    list,
    tail: fc.constantFrom('', 'feeds:\n  - { slug: all } # d\n# end', 'fold: { level: off }'),
    eol: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    hasEnd: fc.boolean(),
  })
  .map(({ before, head, list: made, tail, eol, mark, hasEnd }) => {
    const lines = [...before, ...head.split('\n'), ...toListLines(made), ...tail.split('\n')];
    return `${mark}${lines.map((line, index) => line.replace(/((?:^|\s)# (?:one|two|three|four|here|c|d|end))$/, `$1 ${index}`)).join(eol)}${hasEnd ? eol : ''}`;
  })
  .filter(isRead)
  .map((text) => ({ text, sources: toSources(text) }));

/** Returns the sources of a configuration. */
export function toSources(text: string): object[] {
  return (parse(text) as { sources: object[] | null }).sources ?? [];
}

/** Reports whether a text is YAML in which no comment has become part of a value. */
function isRead(text: string): boolean {
  try {
    return !/# (?:one|two|three|four|here) \d/.test(JSON.stringify(parse(text)));
  } catch {
    return false;
  }
}

function toListLines({ items, above, indent, spaces, style, trailing: end }: List): string[] {
  if (style === 'brackets') return [`sources: [ ${items.map(({ flow }) => flow).join(', ')} ]${end}`];
  if (style === 'open brackets') {
    const hasLastComma = indent > 0;
    const lines = items.flatMap((one, index) => [
      ...one.between,
      `  ${one.flow}${index < items.length - 1 || hasLastComma ? ',' : ''}${one.trailing}`,
      ...one.after,
    ]);
    return ['sources: [', ...[...lines, ...above].map((line) => line.replace('\t', ' ')), '  ]'];
  }
  return [`sources:${end}`, ...above, ...items.flatMap((one) => [...toItemLines(one, indent, spaces), ...one.after])];
}

function toItemLines({ fields, between, form, flow, trailing: end }: Item, indent: number, spaces: number): string[] {
  const dash = `${' '.repeat(indent)}-`;
  if (form === 'braces') return [`${dash}${' '.repeat(spaces)}${flow}${end}`];
  const column = ' '.repeat(indent + 1 + spaces);
  const [first, ...rest] = fields.map(({ lines }) => lines.map((line) => `${column}${line}`));
  const lines = [...(first ?? []), ...between, ...rest.flat()];
  if (form === 'dash alone') return [`${dash}${end}`, ...lines];
  return [`${dash}${(lines[0] ?? '').slice(indent + 1)}`, ...lines.slice(1)];
}

function toScalarLines(key: string, value: string, form: string, end: string): string[] {
  if (form === 'literal') return [`${key}: |-${end}`, `    ${value}`, '', `    ${value}`];
  if (form === 'folded') return [`${key}: >`, `    ${value}`, `    ${value}`, ''];
  return [`${key}: ${form === 'plain' && /^[a-z ]*$/.test(value) ? value : toQuoted(value, form)}${end}`];
}

function toQuoted(value: string, form: string): string {
  return form === 'single' ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
}

function toTagLines(tags: readonly string[], form: string, end: string): string[] {
  if (form === 'lines') return [`tags:${end}`, ...tags.flatMap((tag) => [`  - ${tag}`, '      # three'])];
  if (form === 'open') return ['tags: [ # here', ...tags.flatMap((tag) => [`    ${tag},`, '   # two']), `  ]${end}`];
  return [`tags: [${tags.join(', ')}]${end}`];
}
