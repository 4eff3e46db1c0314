import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openApp } from '../app.ts';
import { toDocumentPath } from '../publish/document.ts';
import { complain, print } from './print.ts';

/** Writes every public feed's documents below a folder, as the routes name them, for any file host. The bytes are those that the server
 *  sends; a file whose bytes have not changed is not touched. Nothing is polled: `newsfold run` comes before. */
export async function buildCommand(directory: string, options: { readonly config: string }): Promise<number> {
  const app = await openApp(options.config, 'build');
  try {
    let written = 0;
    for (const feed of app.config.feeds) {
      if (feed.private) {
        complain(`the private feed ${feed.slug} is not written: a file host cannot ask for its token`);
        continue;
      }
      if (feed.retired || feed.movedTo !== null) continue;
      for (const { format, bytes } of await app.renderFeed(feed)) {
        if (await writeChanged(join(directory, toDocumentPath(feed, format)), bytes)) written++;
      }
    }
    print(`${written} documents written to ${directory}`);
    return 0;
  } finally {
    await app.close();
  }
}

async function writeChanged(path: string, bytes: Uint8Array): Promise<boolean> {
  const before = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (before && Buffer.compare(before, bytes) === 0) return false;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return true;
}
