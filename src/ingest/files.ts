import { glob, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '../model/errors.ts';
import type { FileReader, FolderResult, LocalFile } from '../ports/fetcher.ts';

/** Files that lie beside articles and are not meant as such: pictures, styles, sounds, films. */
const ASSETS = /\.(png|jpe?g|gif|webp|avif|svg|ico|bmp|css|js|mp[34]|m4a|ogg|webm|mov|woff2?|pdf)$/i;
const ARTICLES = /\.(txt|md|markdown|html?)$/i;

/** Whether a file is an article by its name. */
export function isArticle(path: string): boolean {
  return ARTICLES.test(path);
}

/** Reads feed files and folders of articles from this machine's disk. */
export function createFileReader(): FileReader {
  return { expand, readDocument, readFolder };
}

async function expand(pattern: string): Promise<readonly string[]> {
  // A plain path is itself, even when it is missing: the report then says so on the source.
  if (!/[*?[\]{}]/.test(pattern) || (await exists(pattern))) return [pattern];
  const paths: string[] = [];
  for await (const path of glob(pattern)) paths.push(path);
  return paths.sort();
}

async function exists(path: string): Promise<boolean> {
  return (await attempt(() => stat(path))).kind === 'done';
}

async function readDocument(path: string, maxBytes: number) {
  const read = await readWhole(path, maxBytes);
  return typeof read === 'string'
    ? { kind: 'failed' as const, problem: { code: 'file/unreadable', message: `${path} ${read}` } }
    : { kind: 'content' as const, content: toContent(read, path) };
}

async function readFolder(folder: string, maxBytes: number): Promise<FolderResult> {
  const listing = await attempt(() => readdir(folder, { recursive: true, withFileTypes: true }));
  if (listing.kind === 'failed') {
    const message = `the folder ${folder} ${listing.reason}: nothing is deleted; make it, mount it, or mend the path in the configuration`;
    return { kind: 'failed', problem: { code: 'articles/no-folder', message } };
  }
  const root = await realpath(folder);
  const files: LocalFile[] = [];
  const problems: (Problem & { entry: string })[] = [];
  const found = listing.value.filter((item) => !item.isDirectory()).map((item) => join(item.parentPath, item.name));
  for (const path of found.sort()) {
    const location = relative(folder, path).split(sep).join('/');
    if (/(^|\/)\.|~$/.test(location) || ASSETS.test(location)) continue;
    const fault = isArticle(location)
      ? await findFault(path, root)
      : { code: 'article/unknown-kind', reason: 'is not a .txt, .md or .html file: rename it, or move it out of the folder' };
    const read = fault ? null : await readWhole(path, maxBytes);
    if (fault) problems.push({ code: fault.code, entry: location, message: `${location} ${fault.reason}` });
    else if (typeof read === 'string') problems.push({ code: 'article/unreadable', entry: location, message: `${location} ${read}` });
    else if (read) files.push({ location, content: toContent(read, path) });
  }
  return { kind: 'folder', files, problems };
}

/** A link that leads out of the folder could publish any file of the machine. */
async function findFault(path: string, root: string): Promise<{ code: string; reason: string } | null> {
  const real = await attempt(() => realpath(path));
  if (real.kind === 'failed') return { code: 'article/unreadable', reason: real.reason };
  return real.value === root || real.value.startsWith(root + sep)
    ? null
    : { code: 'article/outside', reason: 'is a link out of the folder: copy the file into it' };
}

/** The bytes, or in words why there are none. */
async function readWhole(path: string, maxBytes: number): Promise<Uint8Array | string> {
  const facts = await attempt(() => stat(path));
  if (facts.kind === 'failed') return facts.reason;
  if (!facts.value.isFile()) return 'is not a file';
  if (facts.value.size > maxBytes)
    return `is larger than allowed (${facts.value.size} bytes, at most ${maxBytes}): shorten it, or raise maxBytes`;
  const bytes = await attempt(() => readFile(path));
  return bytes.kind === 'failed' ? bytes.reason : bytes.value;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ENOTDIR: 'is not a folder',
  EISDIR: 'is a folder, not a file',
  ELOOP: 'is a link that leads to itself',
};

async function attempt<T>(work: () => Promise<T>): Promise<{ kind: 'done'; value: T } | { kind: 'failed'; reason: string }> {
  try {
    return { kind: 'done', value: await work() };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { kind: 'failed', reason: reasons[String(error.code)] ?? `cannot be read (${String(error.code)})` };
  }
}

function toContent(bytes: Uint8Array, path: string) {
  return { bytes, contentType: null, url: pathToFileURL(path).href };
}
