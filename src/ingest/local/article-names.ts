import { matchesGlob } from 'node:path';

/** The files of a folder that its owner wants. */
interface ArticlePatterns {
  /** Globs of those that are read; none means all. */
  readonly files?: readonly string[];
  /** Globs of those that are passed over. */
  readonly skip?: readonly string[];
}

/** `text/markdown`, `text/plain` and `text/html` by their usual endings. */
const ARTICLES = /\.(txt|md|markdown|html?)$/i;
/** Files that systems, offices, editors and file sharing leave behind, and packages of other
 *  people. Office has `~$a.docx`, Emacs `#a#`, Syncthing and Dropbox copies of conflicts. Hidden
 *  files are never among what is read. */
const LEFT_BEHIND =
  /(?:^|\/)(?:~\$[^/]*|#[^/]*#|thumbs\.db|desktop\.ini|[^/]*~|[^/]*\.sync-conflict-[^/]*|[^/]*\([^/]*conflicted copy[^/]*|node_modules(?:\/.*)?)$/i;
/** Files about a folder, not of it; Hugo and Zola keep the pages of their lists in `_index`. README
 *  has a language behind its name at most. */
const ABOUT =
  /(?:^|\/)(?:[Rr][Ee][Aa][Dd][Mm][Ee](?:[._-][A-Za-z]{2}(?:[_-][A-Za-z]{2,4})?)?|_index(?:\.[A-Za-z-]{2,7})?|LICEN[CS]E|COPYING|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT)\.[A-Za-z]+$/;

/** Whether a file is an article by its ending. */
export function isArticle(path: string): boolean {
  return ARTICLES.test(path);
}

/** Judges a file, or a folder, of a folder of articles: by the owner's patterns, else by its
 *  name. `passed`: by its name alone, so that one that was published before stays. A pattern
 *  without a slash is of names at any depth, as in .gitignore; one that fits a folder fits all
 *  that is in it. */
export function judgeName(location: string, { files = [], skip = [] }: ArticlePatterns): 'read' | 'passed' | 'skipped' {
  if (skip.some((pattern) => fits(location, pattern))) return 'skipped';
  if (LEFT_BEHIND.test(location)) return 'passed';
  if (files.length > 0) return files.some((pattern) => fits(location, pattern)) ? 'read' : 'skipped';
  return ABOUT.test(location) ? 'passed' : 'read';
}

function fits(location: string, written: string): boolean {
  const pattern = written.replace(/^\.\//, '').replace(/\/+$/, '');
  if (!pattern.includes('/')) return location.split('/').some((name) => matchesGlob(name, pattern));
  return matchesGlob(location, pattern) || matchesGlob(location, `${pattern}/**`);
}
