/** Reports whether a host is requested without the proxy. Patterns are those of NO_PROXY: `*`, a
 *  name with all its subdomains, or a name with a port. A leading dot or `*.` changes nothing. */
export function isExcepted(url: URL, except: readonly string[]): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return except.some((pattern) => {
    if (pattern === '*') return true;
    const [, name = '', wantedPort] = /^(.+?)(?::(\d+))?$/.exec(pattern.toLowerCase().replace(/^\*?\./, '')) ?? [];
    if (name === '' || (wantedPort !== undefined && wantedPort !== port)) return false;
    return url.hostname === name || url.hostname.endsWith(`.${name}`);
  });
}
