/** HTML elements without a close tag. */
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

const elements = new Set(
  (
    'a abbr article aside audio b big blockquote button caption center cite code dd del details div dl dt em figcaption figure font footer form ' +
    'h1 h2 h3 h4 h5 h6 header i iframe ins kbd label li main mark nav object ol p picture pre q s section small span strike strong sub summary ' +
    'sup table tbody td tfoot th thead time tr tt u ul video'
  ).split(' '),
);

/** Reports whether a name is that of an HTML element. */
export function isHtmlElement(written: string): boolean {
  const local = written.slice(written.indexOf(':') + 1).toLowerCase();
  return elements.has(local) || voidElements.has(local);
}

/** Returns an XHTML tag as HTML: without prefix and namespaces, with a lost `>` restored. `<p/>`
 *  becomes an empty element, and `</br>` is dropped. */
export function toHtmlTag(tag: string, written: string, selfClosing: boolean): string {
  const local = written.slice(written.indexOf(':') + 1);
  const isVoid = voidElements.has(local.toLowerCase());
  if (isVoid && tag.startsWith('</')) return '';
  const bare = tag.includes('xmlns') ? tag.replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')/g, '') : tag;
  const named = local === written ? bare : bare.replace(written, () => local);
  const whole = named.endsWith('>') ? named : `${named}>`;
  return selfClosing && !isVoid ? `${whole.replace(/\/>$/, '').trimEnd()}></${local}>` : whole;
}
