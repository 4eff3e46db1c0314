import { Document, isCollection, visit } from 'yaml';

/** Style of a value: `block` on lines of its own, `flow` in brackets, `json` in a file that is
 *  JSON. */
export type Style = 'block' | 'flow' | 'json';

/** Returns the lines of a map, one key each, without indentation and line ends. Lists and maps
 *  inside it are written in brackets on one line. */
export function toBlockLines(map: Readonly<Record<string, unknown>>): string[] {
  // Only the line end is removed: white space unknown to YAML is part of the value.
  return write(map, { isFlow: false }).replace(/\n$/, '').split('\n');
}

/** Returns a value on one line, quoted where YAML 1.2, or 1.1 in other programs, would read
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

/** Characters that are invisible, or that some program takes for a line end. */
// oxlint-disable-next-line no-control-regex -- the pattern looks for control characters
const UNUSUAL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Writes invisible characters as `\uXXXX`; the strings that contain them are in double quotes. */
function escape(text: string): string {
  return text.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
