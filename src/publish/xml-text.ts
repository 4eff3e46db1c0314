/** Text that XML 1.0 can carry (§2.2 Char): control characters and noncharacters are dropped, lone surrogates replaced: one of them would make
 *  the whole document unreadable. C1 controls are windows-1252 that somebody took for Latin-1: put right, as HTML does (§13.2.5.80). */
export function toXmlChars(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- they are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/g, '')
      .replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? '')
  );
}

/** 0x80 to 0x9f of windows-1252; empty where that has nothing either. */
const WINDOWS_1252 = Array.from(
  new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index)),
  (character) => (character.charCodeAt(0) < 0xa0 ? '' : character),
);

/** Whether text is an absolute IRI, as atom:id must be (RFC 3987 §2.2, RFC 4287 §4.2.6): a scheme and no space or bracket. */
export function isAbsoluteIri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text);
}

/** Text as XML character data or a quoted attribute value: nothing in it can end either. */
export function escapeXml(text: string): string {
  return toXmlChars(text)
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
    .replaceAll('\r', '&#13;');
}

/** A parser reads literal line ends and tabs in attributes as spaces (XML 1.0 §3.3.3). */
function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** An element: escaped text, attributes that are not null, and already written children. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | null>>,
  content: string | { readonly xml: string } | null,
): string {
  const written = Object.entries(attributes).map(([key, value]) => (value === null ? '' : ` ${key}="${escapeAttribute(value)}"`));
  const open = `<${name}${written.join('')}`;
  if (content === null) return `${open}/>`;
  return `${open}>${typeof content === 'string' ? escapeXml(content) : content.xml}</${name}>`;
}
