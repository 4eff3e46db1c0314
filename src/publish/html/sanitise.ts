import sanitizeHtml from 'sanitize-html';
import { toShallow } from './shallow.ts';

/** Class of the paragraph that Newsfold adds to a story's text: it is how the line is known, and
 *  dropped, when our feed is read again. */
export const ALSO_CLASS = 'newsfold-also';

const TAGS = [
  'a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn',
  'div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp',
  'section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr',
  'center tt strike big',
].flatMap((line) => line.split(' '));

/** HTML of a source as it may stand in somebody else's page: no scripts, handlers, styles, frames,
 *  forms or objects; links are http, https or mailto, without names and passwords, resolved against
 *  `base` (null when unknown: a relative one is then dropped). Of a picture without a web address
 *  its alternative text is left. Publishers' markup is never trusted, whatever
 *  Content-Security-Policy stands around it. */
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
    // Void elements (HTML §13.1.2) that sanitize-html does not count among them; it would write a
    // close tag.
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
    // Deeper markup is an attack on whoever lays it out.
    nestingLimit: 100,
    // What a picture would be chosen from, where there is no picture.
    exclusiveFilter: ({ tag, attribs }) => tag === 'source' && attribs['src'] === undefined,
    transformTags: {
      img: (tagName, attributes) => toPicture(tagName, attributes, base),
      '*': (tagName, attributes) => ({ tagName, attribs: resolveAll(attributes, base) }),
    },
  }).trim();
}

/** HTML without its tags, as plain text. */
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

/** Where pictures that are loaded late have their address, `srcset` and the like as the first of
 *  it. */
const LATE = ['data-src', 'data-lazy-src', 'data-original', 'srcset', 'data-srcset', 'data-lazy-srcset'];

/** A picture as it may stand, at the first web address that it names; one without any is none (HTML
 *  §4.8.3), and what stands for it is its alternative text. */
function toPicture(tagName: string, attributes: Record<string, string>, base: string | null): sanitizeHtml.Tag {
  const given = [attributes['src'], ...LATE.map((name) => attributes[name]?.trim().split(/[\s,]/, 1)[0])];
  for (const src of given) {
    const attribs = resolveAll({ ...attributes, src: src ?? '' }, base);
    if (src && /^\s*https?:/i.test(attribs['src'] ?? '')) return { tagName, attribs };
  }
  const alt = attributes['alt']?.trim() ?? '';
  // An element without a name is not among those allowed, so that nothing is written.
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

/** Nobody must log in by a link, nor take what stands before the @ for the host. */
function withoutUser(address: string): string {
  if (!address.includes('@') || !/^https?:/i.test(address) || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}
