/** Elements that HTML closes by themselves. */
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

const elements = new Set(
  (
    'a abbr article aside audio b big blockquote button caption center cite code dd del details div dl dt em figcaption figure font footer form ' +
    'h1 h2 h3 h4 h5 h6 header i iframe ins kbd label li main mark nav object ol p picture pre q s section small span strike strong sub summary ' +
    'sup table tbody td tfoot th thead time tr tt u ul video'
  ).split(' '),
);

/** Whether a name is that of an element of HTML. */
export function isHtmlElement(written: string): boolean {
  const local = written.slice(written.indexOf(':') + 1).toLowerCase();
  return elements.has(local) || voidElements.has(local);
}

/** A tag of XHTML as HTML means it: without prefix and namespaces; `<p/>` is empty, `</br>` is
 *  nothing, a lost `>` is there. */
export function toHtmlTag(tag: string, written: string, selfClosing: boolean): string {
  const local = written.slice(written.indexOf(':') + 1);
  const isVoid = voidElements.has(local.toLowerCase());
  if (isVoid && tag.startsWith('</')) return '';
  const bare = tag.includes('xmlns') ? tag.replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')/g, '') : tag;
  const named = local === written ? bare : bare.replace(written, () => local);
  const whole = named.endsWith('>') ? named : `${named}>`;
  return selfClosing && !isVoid ? `${whole.replace(/\/>$/, '').trimEnd()}></${local}>` : whole;
}
