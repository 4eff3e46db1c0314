import { glob, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Problem } from '../../model/errors.ts';
import type { FileReader, FolderResult, FolderFilter, LocalFile } from '../../ports/fetcher.ts';
import { isArticle, judgeName } from './article-names.ts';

/** Reads feed files and folders of articles from this machine's disk. */
export function createFileReader(): FileReader {
  return { expand, readDocument, readFolder };
}

async function expand(pattern: string): Promise<readonly string[]> {
  // A plain path stays as it is, even when the file is missing: the report then names its source.
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

async function readFolder(folder: string, maxBytes: number, wanted: FolderFilter = {}): Promise<FolderResult> {
  const listing = await attempt(async () => ({ root: await realpath(folder), names: await readdir(folder) }));
  if (listing.kind === 'failed') {
    const message = `the folder ${folder} ${listing.reason}: nothing is deleted; create it, mount it, or correct the path in the configuration`;
    return { kind: 'failed', problem: { code: 'articles/no-folder', message } };
  }
  const { root } = listing.value;
  const others: string[] = [];
  const files: LocalFile[] = [];
  const problems: (Problem & { entry: string })[] = [];
  const tell = (entry: string, { code, reason }: Fault) => problems.push({ code, entry, message: `${entry} ${reason}` });
  const found = await walk(root, tell, (location) => judgeName(location, wanted) === 'read');
  // A file that was published before stays, whatever its name is.
  const kept = await findKept(root, wanted, new Set(found));
  for (const location of [...found, ...kept].sort()) {
    const path = join(folder, location);
    // Pictures, office documents and other files lie beside articles: they are no fault.
    if (!isArticle(location)) {
      others.push(location);
      continue;
    }
    const read = await readWhole(path, maxBytes);
    if (typeof read === 'string') tell(location, { code: 'article/unreadable', reason: read });
    else files.push({ location, content: toContent(read, path) });
  }
  return { kind: 'folder', files, others, problems };
}

/** Returns the existing files that are passed over by their names but were published before. */
async function findKept(root: string, wanted: FolderFilter, found: ReadonlySet<string>): Promise<string[]> {
  const kept: string[] = [];
  for (const location of wanted.published ?? []) {
    if (found.has(location) || HIDDEN.test(location) || judgeName(location, wanted) !== 'passed') continue;
    const real = await attempt(() => realpath(join(root, location)));
    if (real.kind === 'done' && real.value === join(root, location)) kept.push(location);
  }
  return kept;
}

interface Fault {
  readonly code: string;
  readonly reason: string;
}

/** Names that are not the owner's articles: hidden files and editors' copies. */
const HIDDEN = /(^|\/)\.|~$/;

/** Lists the files below a folder by their locations. A link that leads out of the folder could
 *  publish any file of the machine: it is reported and not followed. A link to a visible file or
 *  folder inside is passed over, since its target is listed already. A link to the folder itself or
 *  to one above it is passed over too. A link to something hidden inside is followed, since
 *  Kubernetes mounts files that way. */
async function walk(
  root: string,
  tell: (location: string, fault: Fault) => void,
  isWanted: (location: string) => boolean,
): Promise<string[]> {
  const locations: string[] = [];
  const entered = new Set([root]);
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const listing = await attempt(() => readdir(join(root, folder), { withFileTypes: true }));
    if (listing.kind === 'failed') {
      tell(folder, { code: 'article/unreadable', reason: listing.reason });
      continue;
    }
    for (const item of listing.value) {
      const location = folder === '' ? item.name : `${folder}/${item.name}`;
      if (HIDDEN.test(item.name)) continue;
      // The owner's patterns apply to files; a folder is passed over by its own name alone.
      if (item.isDirectory()) {
        if (judgeName(location, {}) === 'read') folders.push(location);
      } else if (!item.isSymbolicLink()) {
        if (isWanted(location)) locations.push(location);
      } else {
        const real = await attempt(() => realpath(join(root, location)));
        const isOutside = real.kind === 'done' && real.value !== root && !real.value.startsWith(root + sep);
        if (real.kind === 'failed' || isOutside) {
          const fault = real.kind === 'failed' ? { code: 'article/unreadable', reason: real.reason } : outside;
          if (isWanted(location)) tell(location, fault);
        } else if (HIDDEN.test(relative(root, real.value).split(sep).join('/')) && !entered.has(real.value)) {
          entered.add(real.value);
          const facts = await attempt(() => stat(real.value));
          if (facts.kind === 'done' && facts.value.isDirectory()) folders.push(location);
          else if (isWanted(location)) locations.push(location);
        }
      }
    }
  }
  return locations;
}

const outside: Fault = { code: 'article/outside', reason: 'is a link out of the folder: copy the file into it' };

/** Reads a whole file; returns the reason in words when that fails. */
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
