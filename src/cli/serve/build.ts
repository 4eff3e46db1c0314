import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openApp } from '../../app/app.ts';
import type { App } from '../../app/app.ts';
import type { DocumentFormat, Representation } from '../../model/feed.ts';
import { toArchivePath, toDocumentPath } from '../../publish/documents/paths.ts';
import { sha256Hex } from '../../model/values/hash.ts';
import { toFileError } from '../output/files.ts';
import { complain, countOf, print } from '../output/print.ts';

/** File by which a later build knows the files of an earlier one: their paths below the folder with
 *  the SHA-256 of their bytes. */
const MANIFEST = '.newsfold-build.json';
type Manifest = Readonly<Record<string, string>>;

/** Writes the public feeds' documents, archives and pages and the list of sources below a
 *  folder, for any file host. Paths are those of the server; documents have compressed forms
 *  beside them (`.gz`, `.br`). Documents have the same bytes as the server's. Unchanged files
 *  are not touched. A file that only an earlier build wrote is removed, unless somebody changed
 *  it. Nothing is polled: `newsfold run` comes before. */
export async function buildCommand(directory: string, options: { readonly config: string }): Promise<number> {
  const app = await openApp(options.config, 'build');
  try {
    await app.updateFeeds();
    const before = await readManifest(directory);
    const files: Record<string, string> = {};
    let written = 0;
    for await (const { path, bytes } of listFiles(app)) {
      files[path] = sha256Hex(bytes);
      if (await writeChanged(join(directory, path), bytes)) written++;
    }
    const { removed, changed } = await removeStale(directory, before, files);
    // A changed file stays in the manifest, so that the next build reports it again.
    await writeChanged(join(directory, MANIFEST), Buffer.from(`${JSON.stringify({ ...files, ...changed }, null, 1)}\n`));
    print(`${countOf(written, 'file')} written to ${directory}, ${Object.keys(files).length - written} unchanged, ${removed} removed`);
    return 0;
  } finally {
    await app.close();
  }
}

interface BuiltFile {
  /** Below the folder, without a leading slash. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

async function* listFiles(app: App): AsyncGenerator<BuiltFile> {
  for (const feed of app.config.feeds) {
    if (feed.private) {
      complain(`the private feed ${feed.slug} is not written: a file host cannot check its token`);
      continue;
    }
    if (feed.movedTo !== null) complain(`the feed ${feed.slug} has moved: let the file host answer 301 to ${feed.movedTo}`);
    if (!app.runContext.settings.feeds.includes(feed)) continue;
    for (const document of await app.renderFeed(feed)) yield* toFiles(toDocumentPath(feed, document.format as DocumentFormat), document);
    for (const n of await app.listArchives(feed)) {
      const archive = await app.renderArchive(feed, n);
      if (archive) yield* toFiles(toArchivePath(feed, n), archive);
    }
  }
  yield* toFiles('/sources.opml', await app.renderOpml());
  for await (const { path, text } of app.renderPages()) yield { path: path.slice(1), bytes: new TextEncoder().encode(text) };
}

function toFiles(path: string, { bytes, gzip, brotli }: Representation): BuiltFile[] {
  const name = path.slice(1);
  return [
    { path: name, bytes },
    { path: `${name}.gz`, bytes: gzip },
    { path: `${name}.br`, bytes: brotli },
  ];
}

/** Writes a file atomically: a file host that reads meanwhile gets the old or the new one. */
async function writeChanged(path: string, bytes: Uint8Array): Promise<boolean> {
  const before = await readIfThere(path);
  if (before && Buffer.compare(before, bytes) === 0) return false;
  try {
    await mkdir(dirname(path), { recursive: true });
    const unfinished = `${path}.${process.pid}.new`;
    await writeFile(unfinished, bytes);
    await rename(unfinished, path);
  } catch (error) {
    throw toFileError(path, 'written', error);
  }
  return true;
}

async function removeStale(
  directory: string,
  before: Manifest,
  files: Manifest,
): Promise<{ readonly removed: number; readonly changed: Manifest }> {
  let removed = 0;
  const changed: Record<string, string> = {};
  for (const [path, written] of Object.entries(before)) {
    if (Object.hasOwn(files, path)) continue;
    const bytes = await readIfThere(join(directory, path));
    if (!bytes) continue;
    if (sha256Hex(bytes) !== written) {
      complain(`${path} is no longer published but was changed by another program: it was not removed`);
      changed[path] = written;
      continue;
    }
    await rm(join(directory, path)).catch((error: unknown) => {
      throw toFileError(join(directory, path), 'written', error);
    });
    removed++;
    // An empty folder is removed too.
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
      const isEmpty = await rmdir(join(directory, folder)).then(
        () => true,
        () => false,
      );
      if (!isEmpty) break;
    }
  }
  return { removed, changed };
}

/** An unreadable manifest removes nothing. Paths that lead out of the folder are ignored. */
async function readManifest(directory: string): Promise<Manifest> {
  const bytes = await readIfThere(join(directory, MANIFEST));
  if (!bytes) return {};
  try {
    const read: unknown = JSON.parse(bytes.toString());
    if (typeof read !== 'object' || read === null) return {};
    const entries = Object.entries(read).filter(([path]) => !path.startsWith('/') && !path.split(/[\\/]/).includes('..'));
    return Object.fromEntries(entries.map(([path, written]) => [path, String(written)]));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    complain(`${MANIFEST} in ${directory} cannot be read: nothing is removed`);
    return {};
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw toFileError(path, 'read', error);
  });
}
