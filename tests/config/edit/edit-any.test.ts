import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { addSources, changeSource, removeSource } from '../../../src/config/edit/edit.ts';
import { anyConfig, toSources } from './any-config.ts';
import { cases } from '../../support/scale.ts';

const source = fc.record({ feed: fc.webUrl(), title: fc.string({ unit: 'grapheme' }), tags: fc.array(fc.constantFrom('x', 'y-1')) });

test('whatever the file looks like, a source that is added leaves every byte of it', () => {
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

test('whatever the file looks like, a source that is removed takes its own lines and no comment line with it', () => {
  fc.assert(
    fc.property(anyConfig, fc.nat(3), ({ text, sources }, at) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const edited = removeSource(text, index);
      expect(toSources(edited)).toEqual(sources.filter((_, place) => place !== index));
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

test('whatever the file looks like, a key that is changed changes alone', () => {
  fc.assert(
    fc.property(anyConfig, fc.nat(3), source, fc.constantFrom('feed', 'title', 'tags'), ({ text, sources }, at, given, key) => {
      fc.pre(sources.length > 0);
      const index = at % sources.length;
      const value = given[key as 'feed'];
      const edited = changeSource(text, index, { [key]: value });
      expect(toSources(edited)).toEqual(sources.map((old, place) => (place === index ? { ...old, ...escaped({ [key]: value }) } : old)));
      expect(rest(edited)).toEqual(rest(text));
      expect(commentLinesOf(edited)).toEqual(commentLinesOf(text));
    }),
    { numRuns: cases(500) },
  );
});

function rest(text: string): object {
  return { ...(parse(text) as object), sources: null };
}

/** As the file has to say it. */
function escaped(value: object): object {
  return JSON.parse(JSON.stringify(value).replace(/\$?\$\{/g, '$$$&')) as object;
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
