/** Query parameters that say how a reader arrived and do not change the page. */
const TRACKING =
  /^(utm_.*|at_(medium|campaign|link_.*|format|ptr_name|bbc_team)|ns_(campaign|mchannel|source|linkname|fee)|mc_[ce]id|_hs(enc|mi)|hsa_.*|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|igsh|twclid|ttclid|wbraid|gbraid|mkt_tok|xtor|cmpid|icid|ncid|ocid|spm|sr_share|smid|src_?rss|guccounter|amp|outputtype)$/i;

/** Redirectors, with the parameter that contains the true address. */
const REDIRECTORS: Readonly<Record<string, string>> = {
  'google.com/url': 'q',
  'news.google.com/news/url': 'url',
  'l.facebook.com/l.php': 'u',
  't.umblr.com/redirect': 'z',
};

/** Returns an address in canonical form, in which two addresses of one page are equal. No scheme,
 *  fragment or slash at the end; the host in lower case without www., m. or amp. Tracking
 *  parameters are dropped, the others sorted; AMP and proxy paths are undone. Returns null for an
 *  address that is no http(s) page, and for a home page, which identifies no article
 *  (docs/design.md §77). */
export function toUrlKey(address: string | null): string | null {
  const url = undoProxy(address);
  if (url === null) return null;
  const host = bareHost(url.hostname);
  let path = url.pathname
    .replace(/\/{2,}/g, '/')
    .replace(/\/amp\/?$|\.amp(?=\.html?$)/i, '')
    .replace(/^\/amp\//i, '/');
  path = path.replace(/\/(index|default)\.(html?|php|aspx?)$/i, '/').replace(/\/$/, '');
  const query = [...url.searchParams]
    .filter(([name]) => !TRACKING.test(name))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  if (path === '' && query.length === 0) return null;
  const route = /^#!?\/./.test(url.hash) ? url.hash : '';
  return `${host}${url.port === '' ? '' : `:${url.port}`}${path}${query.length === 0 ? '' : `?${query.sort().join('&')}`}${route}`;
}

/** Returns the canonical address of an item's page. The item's original address goes before that of
 *  a proxy. */
export function toItemKey({ originalUrl, url }: { readonly originalUrl: string | null; readonly url: string | null }): string | null {
  return toUrlKey(originalUrl ?? url);
}

/** Returns the host of an address in canonical form; null for an address that is not http(s). */
export function toHostKey(address: string | null): string | null {
  const url = undoProxy(address);
  return url === null ? null : bareHost(url.hostname);
}

function bareHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)/, '');
}

function undoProxy(address: string | null): URL | null {
  const url = toHttpUrl(address);
  if (url === null) return null;
  const host = url.hostname.replace(/^www\./, '');
  const parameter = REDIRECTORS[`${host}${url.pathname}`];
  const carried = parameter === undefined ? null : toHttpUrl(url.searchParams.get(parameter));
  if (carried) return carried;
  // google.com/amp/s/host/path and host.cdn.ampproject.org/c/s/host/path contain the page's address
  // in their path; s means https.
  const amp =
    host === 'google.com'
      ? /^\/amp\/(?:s\/)?(.+)$/.exec(url.pathname)
      : host.endsWith('.cdn.ampproject.org')
        ? /^\/[cv]\/(?:s\/)?(.+)$/.exec(url.pathname)
        : null;
  return (amp && toHttpUrl(`https://${amp[1]}${url.search}`)) ?? url;
}

function toHttpUrl(address: string | null): URL | null {
  if (address === null || !/^https?:\/\//i.test(address.trim()) || !URL.canParse(address.trim())) return null;
  return new URL(address.trim());
}
