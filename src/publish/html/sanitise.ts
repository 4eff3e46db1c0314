import sanitizeHtml from 'sanitize-html';
import { toShallow } from './depth-limit.ts';

/** Class of the paragraph that Newsfold adds to a story's text. By it the paragraph is found and
 *  dropped when Newsfold reads its own feed. */
export const ALSO_CLASS = 'newsfold-also';

const TAGS = [
  'a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn',
  'div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp',
  'section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr',
  'center tt strike big',
].flatMap((line) => line.split(' '));

/** Returns HTML of a source that is safe in another site's page, whatever Content-Security-Policy
 *  the page has. It has no scripts, handlers, styles, frames, forms or objects. Links are http,
 *  https or mailto, without user names and passwords, resolved against `base`. With a null `base`,
 *  relative links are dropped. A picture without a web address becomes its alternative text. */
export function sanitise(html: string, base: string | null): string {
  return sanitizeHtml(toShallow(html), {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ['href', 'title', 'hreflang'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      audio: ['src', 'controls'],
      video: ['src', 'controls', 'poster', 'width', 'height'],
      source: ['src', 'type'],
      time: ['datetime'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan', 'scope'],
      ol: ['start', 'reversed'],
      '*': ['dir', 'lang'],
    },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesAppliedToAttributes: ['href', 'src', 'poster', 'cite'],
    allowProtocolRelative: false,
    // Void elements (HTML §13.1.2) that sanitize-html does not know; it would write a close tag for
    // them.
    selfClosing: [...sanitizeHtml.defaults.selfClosing, 'col', 'source', 'wbr'],
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'template',
      'title',
      'xmp',
      'noembed',
      'noframes',
      'iframe',
      'object',
      'svg',
      'math',
    ],
    // Deeper markup is an attack on browsers.
    nestingLimit: 100,
    // A `source` without an address has nothing to choose.
    exclusiveFilter: ({ tag, attribs }) => tag === 'source' && attribs['src'] === undefined,
    transformTags: {
      img: (tagName, attributes) => toPicture(tagName, attributes, base),
      '*': (tagName, attributes) => ({ tagName, attribs: resolveAll(attributes, base) }),
    },
  }).trim();
}

/** Returns HTML as plain text, without tags. */
export function toPlainText(html: string): string {
  const escaped = sanitizeHtml(toShallow(html), { allowedTags: [], allowedAttributes: {} });
  return escaped
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Attributes in which lazily loaded pictures keep their address; of `srcset` and the like, the
 *  first address counts. */
const LAZY_ATTRIBUTES = ['data-src', 'data-lazy-src', 'data-original', 'srcset', 'data-srcset', 'data-lazy-srcset'];

/** Returns a picture at the first web address that it names. A picture without any is replaced by
 *  its alternative text (HTML §4.8.3). */
function toPicture(tagName: string, attributes: Record<string, string>, base: string | null): sanitizeHtml.Tag {
  const given = [attributes['src'], ...LAZY_ATTRIBUTES.map((name) => attributes[name]?.trim().split(/[\s,]/, 1)[0])];
  for (const src of given) {
    const attribs = resolveAll({ ...attributes, src: src ?? '' }, base);
    if (src && /^\s*https?:/i.test(attribs['src'] ?? '')) return { tagName, attribs };
  }
  const alt = attributes['alt']?.trim() ?? '';
  // sanitize-html writes nothing for an element without a name, since it is not allowed.
  return alt === '' ? { tagName: '', attribs: {} } : { tagName: 'span', attribs: {}, text: alt };
}

function resolveAll(attributes: Record<string, string>, base: string | null): Record<string, string> {
  const resolved = { ...attributes };
  for (const name of ['href', 'src', 'poster']) {
    const value = resolved[name]?.trim();
    if (value === undefined) continue;
    const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(value);
    if (!isAbsolute && (base === null || !URL.canParse(value, base))) {
      delete resolved[name];
      continue;
    }
    const address = isAbsolute ? value : new URL(value, base ?? undefined).href;
    if (!isAbsolute || address.includes('@')) resolved[name] = withoutUser(address);
  }
  return resolved;
}

/** Returns an address without user name and password. A link must not log readers in, nor show a
 *  false host before the @. */
function withoutUser(address: string): string {
  if (!address.includes('@') || !/^https?:/i.test(address) || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}
