/** Returns text that XML 1.0 can carry (§2.2 Char), since one wrong character makes a document
 *  unreadable. Control characters and noncharacters are dropped, lone surrogates replaced. C1
 *  controls are taken as windows-1252 that was mislabelled as Latin-1, as in HTML (§13.2.5.80). */
export function toXmlChars(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- these characters are searched for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\p{Noncharacter_Code_Point}/gu, '')
      .replace(/[\u0080-\u009f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? '')
  );
}

/** Characters 0x80 to 0x9f of windows-1252; empty for unassigned ones. */
const WINDOWS_1252 = Array.from(
  new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index)),
  (character) => (character.charCodeAt(0) < 0xa0 ? '' : character),
);

/** Returns text on one line, such as a title or a name, of at most `length` characters. Unclosed
 *  directional overrides are dropped, since they would reverse the text after them (UAX #9
 *  §3.1). */
export function toLine(text: string, length: number): string {
  const line = toXmlChars(text).replace(/\s+/g, ' ').trim();
  const opened = line.match(/[\u202a\u202b\u202d\u202e\u2066-\u2068]/g)?.length ?? 0;
  const closed = line.match(/[\u202c\u2069]/g)?.length ?? 0;
  const balanced = opened === closed ? line : line.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
  return cut(balanced, length);
}

/** Returns text of at most `length` characters. A cut text ends in an ellipsis, after a whole word
 *  if a space is near. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const space = text.lastIndexOf(' ', length - 1);
  return `${text.slice(0, space > length / 2 ? space : length - 1).toWellFormed()}…`;
}

/** Reports whether text may be an atom:id (RFC 4287 §4.2.6): an absolute IRI (RFC 3987 §2.2) that
 *  names something. */
export function isAbsoluteIri(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i.test(text) || /[\ufffd\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)) return false;
  if (/^https?:/i.test(text)) return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
  if (/^urn:uuid:/i.test(text)) return /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  if (/^urn:/i.test(text)) return /^urn:[a-z0-9][a-z0-9-]{1,31}:./i.test(text);
  return !/^(javascript|vbscript|data|file|blob|about):/i.test(text);
}

/** Returns text escaped for XML character data and for quoted attribute values. */
export function escapeXml(text: string): string {
  return toXmlChars(text)
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)
    .replaceAll('\r', '&#13;');
}

/** Returns the length of escapeXml's result in bytes of UTF-8. */
export function measureXml(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x26 || code === 0x27) bytes += 5;
    else if (code === 0x3c || code === 0x3e) bytes += 4;
    else if (code === 0x22) bytes += 6;
    // A surrogate is half of a character of four bytes.
    else bytes += code < 0x80 ? 1 : code < 0x8_00 || (code >= 0xd8_00 && code < 0xe0_00) ? 2 : 3;
  }
  return bytes;
}

/** Reverses escapeXml, except for dropped characters. */
export function unescapeXml(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|#13);/g, (name) => unescapes[name] ?? name);
}

/** Parsers read literal line ends and tabs in attributes as spaces (XML 1.0 §3.3.3). */
function escapeAttribute(text: string): string {
  return escapeXml(text).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const unescapes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(escapes).map(([character, name]) => [name, character])),
  '&#13;': '\r',
};

/** Returns an element as XML. Text is escaped, null attributes are left out, and `content.xml` is
 *  inserted as it is. */
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
