/** Text that XML 1.0 can carry (§2.2 Char): control characters, lone surrogates and noncharacters are dropped. One of them would make the
 *  whole document unreadable. */
export function toXmlChars(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

/** Text as XML character data or a quoted attribute value: nothing in it can end either. Line ends and tabs in attributes survive. */
export function escapeXml(text: string): string {
  return toXmlChars(text).replace(/[&<>"']/g, (character) => escapes[character] ?? character).replaceAll('\r', '&#13;');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** An element: escaped text, attributes that are not null, and already written children. */
export function element(name: string, attributes: Readonly<Record<string, string | null>>, content: string | { readonly xml: string } | null): string {
  const written = Object.entries(attributes).map(([key, value]) => (value === null ? '' : ` ${key}="${escapeXml(value)}"`));
  const open = `<${name}${written.join('')}`;
  if (content === null) return `${open}/>`;
  return `${open}>${typeof content === 'string' ? escapeXml(content) : content.xml}</${name}>`;
}
