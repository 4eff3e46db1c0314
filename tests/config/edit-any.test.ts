import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addSources, changeSource, removeSource } from '../../src/config/edit.ts';

type Value = Readonly<Record<string, unknown>>;
/** A configuration as somebody might have written it: the text, the lines of each source, and what it says. */
interface Written {
  readonly text: string;
  readonly sources: readonly Value[];
}

const words = fc.constantFrom('a', 'b c', 'https://x.test/?a=1&b=2#c', "it's", 'ü 🦀', 'x: y', '# no comment', '12', 'true', '@a');
const scalar = fc.tuple(words, fc.constantFrom('plain', 'single', 'double', 'literal', 'folded'));
const field = fc.oneof(
  fc.tuple(fc.constantFrom('feed', 'title', 'page'), scalar),
  fc.tuple(fc.constant('tags'), fc.tuple(fc.array(fc.constantFrom('x', 'y-1'), { minLength: 1, maxLength: 3 }), fc.constantFrom('lines', 'brackets', 'open'))),
);
const noise = fc.array(fc.constantFrom('', '# one', '  # two', '      # three', '\t# four'), { maxLength: 2 });
const item = fc.record({
  fields: fc.uniqueArray(field, { selector: ([key]) => key, minLength: 1, maxLength: 4 }),
  between: noise,
  after: noise,
  trailing: fc.constantFrom('', ' # here'),
  form: fc.constantFrom('lines', 'dash alone', 'braces'),
});
const config = fc
  .record({
    before: noise,
    head: fc.constantFrom('', 'site: { title: x }', 'site:\n  title: |\n    a # b\n\n  language: en # c', 'store: sqlite:x.db'),
    items: fc.array(item, { maxLength: 4 }),
    comment: noise,
    indent: fc.constantFrom(0, 2, 4),
    spaces: fc.constantFrom(1, 3),
    style: fc.constantFrom('lines', 'lines', 'brackets', 'open brackets'),
    tail: fc.constantFrom('', 'feeds:\n  - { slug: all } # d\n# end', 'fold: { level: off }'),
    eol: fc.constantFrom('\n', '\r\n'),
    isMarked: fc.boolean(),
    hasEnd: fc.boolean(),
  })
  .map(write)
  .filter(({ text }) => isRead(text));
const source = fc.record({ feed: fc.webUrl(), title: fc.string({ unit: 'grapheme' }), tags: fc.array(fc.constantFrom('x', 'y-1')) });

test('whatever the file looks like, a source that is added leaves every byte of it', () => {
  fc.assert(
    fc.property(config, fc.array(source, { minLength: 1, maxLength: 3 }), ({ text, sources }, added) => {
      const edited = addSources(text, added);
      expect(toSources(edited)).toEqual([...sources, ...added.map(escaped)]);
      expect(rest(edited)).toEqual(rest(text));
      expect(commentsOf(edited)).toEqual(commentsOf(text));
      expect(isWithin(withoutEmptyList(text), edited)).toBe(true);
      expect(edited.endsWith('\n')).toBe(text.endsWith('\n'));
      if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
    }),
    { numRuns: 2000 },
  );
});

test('whatever the file looks like, a source that is removed takes its own lines and no comment line with it', () => {
  fc.assert(
    fc.property(config, fc.nat(3), ({ text, sources }, at) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const edited = removeSource(text, index);
      expect(toSources(edited)).toEqual(sources.filter((_, place) => place !== index));
      expect(rest(edited)).toEqual(rest(text));
      expect(commentLinesOf(edited)).toEqual(commentLinesOf(text));
      expect(isWithin(edited.replace('sources: []', 'sources:').replace(/[ \t]/g, ''), text.replace('sources: []', 'sources:').replace(/[ \t]/g, ''))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('whatever the file looks like, a key that is changed changes alone', () => {
  fc.assert(
    fc.property(config, fc.nat(3), source, fc.constantFrom('feed', 'title', 'tags'), ({ text, sources }, at, given, key) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const value = given[key as 'feed'];
      const edited = changeSource(text, index, { [key]: value });
      expect(toSources(edited)).toEqual(sources.map((old, place) => (place === index ? { ...old, ...escaped({ [key]: value }) } : old)));
      expect(rest(edited)).toEqual(rest(text));
      expect(commentLinesOf(edited)).toEqual(commentLinesOf(text));
    }),
    { numRuns: 2000 },
  );
});

let serial = 0;

/** Each comment gets a number, so that none can stand in for another. */
function write(given: { readonly [key: string]: unknown } & Readonly<Record<string, never>> | any): Written {
  serial = 0;
  const number = (line: string) => line.replace(/(^|\s)(# (?:one|two|three|four|here|b|c|d|end))$/, (_: string, space: string, word: string) => `${space}${word} ${serial++}`);
  const { items, indent, spaces, style } = given;
  const pad = ' '.repeat(indent);
  const isOpen = style === 'open brackets';
  const lines: string[] = [...given.before, ...given.head.split('\n')];
  const flowItems = items.map((one: any) => `{ ${one.fields.map(([key, value]: any) => `${key}: ${inFlow(value)}`).join(', ')} }`);
  if (style === 'brackets') lines.push(`sources: [ ${flowItems.join(', ')} ]${items[0]?.trailing ?? ''}`);
  else if (isOpen) {
    lines.push('sources: [');
    for (const [place, one] of items.entries())
      lines.push(...indented(one.between), `  ${flowItems[place]}${place < items.length - 1 || indent > 0 ? ',' : ''}${one.trailing}`, ...indented(one.after));
    lines.push(...indented(given.comment), '  ]');
  } else {
    lines.push(`sources:${items[0]?.trailing ?? ''}`, ...given.comment);
    for (const [place, one] of items.entries()) {
      if (one.form === 'braces') lines.push(`${pad}-${' '.repeat(spaces)}${flowItems[place]}${one.trailing}`);
      else {
        const column = ' '.repeat(indent + 1 + spaces);
        const inner = one.fields.flatMap(([key, value]: any, n: number) => [...inLines(key, value, one.trailing), ...(n === 0 ? one.between : [])].map((line: string) => (line.startsWith(' ') || !line.startsWith('#') ? column + line : line)));
        if (one.form === 'dash alone') lines.push(`${pad}-${one.trailing}`, ...inner);
        else lines.push(`${pad}-${' '.repeat(spaces)}${inner[0].slice(column.length)}`, ...inner.slice(1));
      }
      lines.push(...one.after);
    }
  }
  lines.push(...given.tail.split('\n'));
  const text = lines.flatMap((line) => line.split('\n')).map(number).join(given.eol);
  const whole = `${given.isMarked ? '\ufeff' : ''}${text}${given.hasEnd ? given.eol : ''}`;
  return { text: whole, sources: isRead(whole) ? toSources(whole) : [] };
}

/** Tabs may not stand before what is between brackets in lines of their own. */
function indented(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace('\t', ' '));
}

function inFlow(value: any): string {
  if (Array.isArray(value[0])) return `[${value[0].join(', ')}]`;
  return value[1] === 'single' ? `'${value[0].replaceAll("'", "''")}'` : JSON.stringify(value[0]);
}

function inLines(key: string, value: any, trailing: string): string[] {
  const [content, form] = value;
  if (form === 'lines') return [`${key}:${trailing}`, ...content.flatMap((tag: string) => [`  - ${tag}`, '      # three'])];
  if (form === 'open') return [`${key}: [ # here`, ...content.flatMap((tag: string) => [`    ${tag},`, '   # two']), `  ]${trailing}`];
  if (form === 'brackets') return [`${key}: ${inFlow(value)}${trailing}`];
  if (form === 'literal') return [`${key}: |-${trailing}`, `    ${content}`, '', `    ${content}`];
  if (form === 'folded') return [`${key}: >`, `    ${content}`, `    ${content}`, ''];
  if (form === 'plain' && !/[:#@']/.test(content)) return [`${key}: ${content}${trailing}`];
  return [`${key}: ${inFlow(value)}${trailing}`];
}

function isRead(text: string): boolean {
  try {
    const { sources } = parse(text) as { sources: unknown };
    return sources === null || Array.isArray(sources);
  } catch {
    return false;
  }
}

function toSources(text: string): Value[] {
  return (parse(text) as { sources: Value[] | null }).sources ?? [];
}

function rest(text: string): Value {
  return { ...(parse(text) as Value), sources: null };
}

function escaped(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replace(/\$?\$\{/g, '$$$&')) as Value;
}

/** Every comment, each with its number. */
function commentsOf(text: string): string[] {
  return text.match(/# (?:one|two|three|four|here|b|c|d|end) \d+(?=\r?$)/gm) ?? [];
}

/** Lines that are a comment and nothing else. */
function commentLinesOf(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(# (?:one|two|three|four|end) \d+)\r?$/gm)].map(([, comment = '']) => comment);
}

/** Without brackets that hold nothing: they make room for lines. */
function withoutEmptyList(text: string): string {
  return text.replace(/(sources:) \[ +\]/, '$1');
}

/** Whether a text is what is left of another when pieces are taken out. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole.split('')) if (character === part[at]) at++;
  return at === part.length;
}
