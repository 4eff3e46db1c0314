import type { Problem } from '../../model/errors.ts';

/** Returns the repairs of a document as problems, one for each kind with its count. */
export function toRepairs(counts: ReadonlyMap<string, number>): Problem[] {
  return [...counts].map(([kind, count]): Problem => {
    const places = count === 1 ? 'one place' : `${count} places`;
    return { code: `xml/${kind}`, message: `the XML was repaired in ${places}: ${meanings[kind] ?? kind}` };
  });
}

const meanings: Readonly<Record<string, string>> = {
  cdata: 'a CDATA section without an end',
  comment: 'a comment without an end',
  stray: 'a < that begins no tag',
  'open-tag': 'an open tag without its >',
  'close-tag': 'a close tag without its >',
  quote: 'an attribute without a quote',
  close: 'a close tag that closes nothing',
  unclosed: 'an element without its close tag',
  cut: 'the document ends in the middle',
  many: 'more tags than can be read, so the last ones are left out',
};
