import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.atom': 'application/atom+xml',
};

/** Serves a folder below a path like a file host: index.html for a folder, 404.html for a
 *  missing file, and no headers of ours. */
export async function hostFiles(folder: string, path: string): Promise<AsyncDisposable & { readonly url: string }> {
  const read = (name: string) => {
    try {
      return readFileSync(join(folder, name));
    } catch {
      return null;
    }
  };
  const server = createServer((request, response) => {
    const asked = (request.url ?? '').split('?')[0] ?? '';
    const name = asked.startsWith(path) ? asked.slice(path.length) : '404.html';
    const file = name === '' || name.endsWith('/') ? `${name}index.html` : name;
    const bytes = read(file);
    response.writeHead(bytes ? 200 : 404, { 'content-type': types[bytes ? extname(file) : '.html'] ?? 'text/plain' });
    response.end(bytes ?? read('404.html'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
