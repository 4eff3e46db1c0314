import { matchesGlob } from 'node:path';

/** The owner's patterns for the files of a folder. */
interface ArticlePatterns {
  /** Globs of the files to read; none means all. */
  readonly files?: readonly string[];
  /** Globs of the files to pass over. */
  readonly skip?: readonly string[];
}

/** The usual endings of `text/markdown`, `text/plain` and `text/html`. */
const ARTICLES = /\.(txt|md|markdown|html?)$/i;
/** Files left behind by systems, office programs, editors and file sharing, and folders of
 *  packages. Office has `~$a.docx`, Emacs `#a#`, Syncthing and Dropbox copies of conflicts. Hidden
 *  files are never read anyway. */
const LEFT_BEHIND =
  /(?:^|\/)(?:~\$[^/]*|#[^/]*#|thumbs\.db|desktop\.ini|[^/]*~|[^/]*\.sync-conflict-[^/]*|[^/]*\([^/]*conflicted copy[^/]*|node_modules(?:\/.*)?)$/i;
/** Files about a folder instead of articles in it. Hugo and Zola keep the pages of their lists in
 *  `_index`. README may have a language after its name, no more. */
const ABOUT =
  /(?:^|\/)(?:[Rr][Ee][Aa][Dd][Mm][Ee](?:[._-][A-Za-z]{2}(?:[_-][A-Za-z]{2,4})?)?|_index(?:\.[A-Za-z-]{2,7})?|LICEN[CS]E|COPYING|CHANGELOG|CONTRIBUTING|CODE_OF_CONDUCT)\.[A-Za-z]+$/;

/** Reports whether a file's ending is that of an article. */
export function isArticle(path: string): boolean {
  return ARTICLES.test(path);
}

/** Judges a file or a subfolder of a folder of articles by the owner's patterns, else by its name.
 *  `passed` means by its name alone: if such a file was published before, it stays. A pattern
 *  without a slash matches names at any depth, as in .gitignore. A pattern that matches a folder
 *  covers all files in it. */
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
