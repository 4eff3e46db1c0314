import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addSources, changeSource, removeSource } from '../../../src/config/edit/edit.ts';
import { anyConfig, toSources } from './any-config.ts';
import { cases } from '../../support/scale.ts';

const source = fc.record({ feed: fc.webUrl(), title: fc.string({ unit: 'grapheme' }), tags: fc.array(fc.constantFrom('x', 'y-1')) });

test('adding a source keeps every byte of any file', () => {
  fc.assert(
    fc.property(anyConfig, fc.array(source, { minLength: 1, maxLength: 3 }), ({ text, sources }, added) => {
      const edited = addSources(text, added);
      expect(toSources(edited)).toEqual([...sources, ...added.map(escaped)]);
      expect(rest(edited)).toEqual(rest(text));
      expect(commentsOf(edited)).toEqual(commentsOf(text));
      expect(isWithin(withoutEmptyList(text), edited)).toBe(true);
      expect(edited.endsWith('\n')).toBe(text.endsWith('\n'));
      if (text.includes('\r\n')) expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
    }),
    { numRuns: cases(500) },
  );
});

test('removing a source removes only its own lines, and no comment line, from any file', () => {
  fc.assert(
    fc.property(anyConfig, fc.nat(3), ({ text, sources }, at) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const edited = removeSource(text, index);
      expect(toSources(edited)).toEqual(sources.filter((_, position) => position !== index));
      expect(rest(edited)).toEqual(rest(text));
      expect(commentLinesOf(edited)).toEqual(commentLinesOf(text));
      expect(
        isWithin(
          edited.replace('sources: []', 'sources:').replace(/[ \t]/g, ''),
          text.replace('sources: []', 'sources:').replace(/[ \t]/g, ''),
        ),
      ).toBe(true);
    }),
    { numRuns: cases(500) },
  );
});

test('changing a key changes nothing else in any file', () => {
  fc.assert(
    fc.property(anyConfig, fc.nat(3), source, fc.constantFrom('feed', 'title', 'tags'), ({ text, sources }, at, given, key) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const value = given[key as 'feed'];
      const edited = changeSource(text, index, { [key]: value });
      expect(toSources(edited)).toEqual(
        sources.map((old, position) => (position === index ? { ...old, ...escaped({ [key]: value }) } : old)),
      );
      expect(rest(edited)).toEqual(rest(text));
      expect(commentLinesOf(edited)).toEqual(commentLinesOf(text));
    }),
    { numRuns: cases(500) },
  );
});

function rest(text: string): object {
  return { ...(parse(text) as object), sources: null };
}

/** Returns a value with `${` escaped, as the file must contain it. */
function escaped(value: object): object {
  return JSON.parse(JSON.stringify(value).replace(/\$?\$\{/g, '$$$&')) as object;
}

/** Returns all comments with their numbers. */
function commentsOf(text: string): string[] {
  return text.match(/# (?:one|two|three|four|here|b|c|d|end) \d+(?=\r?$)/gm) ?? [];
}

/** Returns the comments that have a line of their own. */
function commentLinesOf(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(# (?:one|two|three|four|end) \d+)\r?$/gm)].map(([, comment = '']) => comment);
}

/** Returns the text without an empty list in brackets, which an addition replaces. */
function withoutEmptyList(text: string): string {
  return text.replace(/(sources:) \[ +\]/, '$1');
}

/** Reports whether a text can be made from another by removing characters. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole.split('')) if (character === part[at]) at++;
  return at === part.length;
}
