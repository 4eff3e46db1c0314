import { extname } from 'node:path';

/** The files that threads run. They are imported nowhere else, so that a server starts without
 *  their packages. */
export const addresses = {
  run: toAddress('./run-worker.ts'),
  push: toAddress('./hub-worker.ts'),
  page: toAddress('./page-worker.ts'),
  extract: toAddress('../full-text/extract-worker.ts'),
};

/** Returns the address of a file beside this one, ending in .ts in the source and in .js in
 *  dist. */
function toAddress(path: string): URL {
  return new URL(path.replace(/\.ts$/, extname(import.meta.url)), import.meta.url);
}
