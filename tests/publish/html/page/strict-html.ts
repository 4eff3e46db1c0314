import { html as names, parseFragment, type DefaultTreeAdapterTypes } from 'parse5';

/** Returns the elements and attributes that the text on a page must not have: `name` or `name
 *  attribute=value` each. With `images` false, elements that load files are among them. */
export function findForbidden(html: string, images: boolean): string[] {
  const forbidden: string[] = [];
  const open: DefaultTreeAdapterTypes.ChildNode[] = [...parseFragment(html).childNodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.nodeName === '#text') continue;
    if (!('tagName' in node)) {
      forbidden.push(node.nodeName);
      continue;
    }
    const name = node.tagName;
    if (node.namespaceURI !== names.NS.HTML || !allowed.has(name)) forbidden.push(name);
    if (!images && ['img', 'audio', 'video', 'source'].includes(name)) forbidden.push(name);
    const attributes = node.attrs.map(({ name: key, value }) => `${key}=${value}`).toSorted();
    if (!(name === 'div' && attributes.join(' ') === group))
      forbidden.push(...node.attrs.filter((one) => !isAllowed(name, one)).map(({ name: key, value }) => `${name} ${key}=${value}`));
    open.push(...node.childNodes);
  }
  return forbidden;
}

function isAllowed(element: string, { name, value }: { readonly name: string; readonly value: string }): boolean {
  if (name === 'lang') return /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(value);
  if (name === 'dir') return ['ltr', 'rtl', 'auto'].includes(value);
  if (!(allowed.get(element) ?? []).includes(name)) return false;
  if (['src', 'poster'].includes(name)) return /^https?:\/\/[^/]/.test(value);
  if (name === 'href') return /^(https?:\/\/[^/]|mailto:)/.test(value);
  return !['width', 'height', 'start', 'colspan', 'rowspan'].includes(name) || /^\d+$/.test(value);
}

/** All elements allowed in a page's text, with the attributes allowed besides `lang` and `dir`. */
const allowed = new Map<string, readonly string[]>([
  ...(
    'abbr b bdi bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h3 h4 h5 h6 hr i ins kbd li mark p pre q ' +
    'rp rt ruby s samp small span strong sub summary sup table tbody tfoot thead tr u ul var wbr'
  )
    .split(' ')
    .map((name): [string, string[]] => [name, []]),
  ['a', ['href', 'hreflang', 'title', 'rel']],
  ['img', ['src', 'alt', 'title', 'width', 'height', 'loading', 'decoding', 'referrerpolicy']],
  ['audio', ['src', 'controls', 'preload']],
  ['video', ['src', 'controls', 'preload', 'poster', 'width', 'height']],
  ['source', ['src', 'type']],
  ['time', ['datetime']],
  ['ol', ['start', 'reversed']],
  ['td', ['colspan', 'rowspan']],
  ['th', ['colspan', 'rowspan', 'scope']],
]);

const group = 'aria-label=Table class=wide role=group tabindex=0';
