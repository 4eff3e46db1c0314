import { extname } from 'node:path';

/** The files that threads run. They are loaded nowhere else, so that a server starts without what
 *  they need. */
export const addresses = {
  run: toAddress('./run-worker.ts'),
  push: toAddress('./hub-worker.ts'),
  page: toAddress('./page-worker.ts'),
  extract: toAddress('../full-text/extract-worker.ts'),
};

/** The address of a file beside this one: it ends in .ts in the source and in .js in dist. */
function toAddress(path: string): URL {
  return new URL(path.replace(/\.ts$/, extname(import.meta.url)), import.meta.url);
}
