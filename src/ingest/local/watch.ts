import { matchesGlob, sep } from 'node:path';
import { watch } from 'chokidar';
import type { SourceDeclaration } from '../../model/source.ts';
import type { Log } from '../../ports/log.ts';
import { isArticle, judgeName } from './article-names.ts';

/** A watch over local sources. */
export interface FolderWatch {
  readonly close: () => Promise<void>;
}

/** A file counts as written when its size has not changed for this long: an editor may save in
 *  several writes. */
const SETTLED_MS = 300;

/** Calls `onChange` after a file of these sources was added, changed or removed, once for several
 *  changes together. A pattern is watched from its first folder without a wildcard. Files that no
 *  source would read are ignored: the store itself may lie among them, and each run writes to
 *  it. */
export function watchSources(sources: readonly WatchedSource[], onChange: () => void, log: Log): FolderWatch {
  const local = sources.filter(({ kind }) => kind === 'file' || kind === 'articles');
  const isWanted = (path: string) => local.some((source) => isOf(path, source));
  const watcher = watch(
    local.map(({ address }) => withoutPattern(address)),
    {
      ignoreInitial: true,
      awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 100 },
      ignored: (path, facts) => facts?.isFile() === true && !isWanted(path),
    },
  );
  let timer: NodeJS.Timeout | null = null;
  const note = (path: string) => {
    if (!isWanted(path)) return;
    timer ??= setTimeout(() => {
      timer = null;
      onChange();
    }, SETTLED_MS);
  };
  for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, note);
  watcher.on('error', (error) => log.warn({ err: error }, 'a local source cannot be watched; it is read by every run all the same'));
  return {
    async close() {
      if (timer) clearTimeout(timer);
      await watcher.close();
    },
  };
}

type WatchedSource = Pick<SourceDeclaration, 'kind' | 'address' | 'files' | 'skip'>;

function isOf(path: string, source: WatchedSource): boolean {
  const { kind, address } = source;
  if (kind === 'articles') {
    const folder = address.endsWith(sep) ? address : address + sep;
    // A file that is passed over by its name may have been published before.
    return path.startsWith(folder) && isArticle(path) && judgeName(path.slice(folder.length), source) !== 'skipped';
  }
  return path === address || matchesGlob(path, address);
}

function withoutPattern(path: string): string {
  const segments = path.split('/');
  const first = segments.findIndex((part) => /[*?[\]{}]/.test(part));
  return first < 0 ? path : segments.slice(0, first).join('/');
}
