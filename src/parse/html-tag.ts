/** Elements that HTML closes by themselves. */
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** A tag of XHTML as HTML means it: without prefix and namespaces; `<p/>` is empty, `</br>` is nothing, a lost `>` is there. */
export function toHtmlTag(tag: string, written: string, selfClosing: boolean): string {
  const local = written.slice(written.indexOf(':') + 1);
  const isVoid = voidElements.has(local.toLowerCase());
  if (isVoid && tag.startsWith('</')) return '';
  const bare = tag.includes('xmlns') ? tag.replace(/\sxmlns(?::[\w.-]+)?\s*=\s*(?:"[^"]*"|'[^']*')/g, '') : tag;
  const named = local === written ? bare : bare.replace(written, () => local);
  const whole = named.endsWith('>') ? named : `${named}>`;
  return selfClosing && !isVoid ? `${whole.replace(/\/>$/, '').trimEnd()}></${local}>` : whole;
}
