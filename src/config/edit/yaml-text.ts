import { Document, isCollection, visit } from 'yaml';

/** How a value is to be written: as lines of its own, between brackets, or as JSON for a file that
 *  is all JSON. */
export type Style = 'block' | 'flow' | 'json';

/** The lines of a map, a key each, without line ends and not indented; lists and maps in it stand
 *  between brackets on one line. */
export function toBlockLines(map: Readonly<Record<string, unknown>>): string[] {
  // Only the line end: a space that is not one of YAML's is a part of the value.
  return write(map, { isFlow: false }).replace(/\n$/, '').split('\n');
}

/** A value on one line, quoted where YAML (1.2, or 1.1 for other programs) would take it for
 *  something else. */
export function toInline(value: unknown, style: Style): string {
  if (style === 'json') return escape(JSON.stringify(value));
  if (style === 'block') return (toBlockLines({ k: value })[0] ?? '').replace(/^k: /, '');
  return write([value], { isFlow: true }).trim().slice(1, -1);
}

function write(value: unknown, { isFlow }: { readonly isFlow: boolean }): string {
  const document = new Document(value, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && UNUSUAL.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
    Collection(_, collection) {
      if (isFlow || collection !== document.contents) collection.flow = true;
    },
  });
  if (isFlow && isCollection(document.contents)) document.contents.flow = true;
  return escape(document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false, doubleQuotedMinMultiLineLength: 1e9 }));
}

/** Characters that some program takes for a line end, or that nobody sees. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNUSUAL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Whatever holds one of these stands in double quotes, where it can be written as its number. */
function escape(text: string): string {
  return text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
