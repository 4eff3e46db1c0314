import { StoreError } from '../../model/errors.ts';

/** Returns an error of the SQLite file as StoreError with advice for the owner; other errors
 *  unchanged (sqlite.org/rescode.html). */
export function toStoreError(path: string, error: unknown): unknown {
  const result = error instanceof Error && 'errcode' in error ? Number(error.errcode) : null;
  const known = result === null ? undefined : reasons.get(result & 0xff);
  if (!(error instanceof Error) || !known) return error;
  const [code, advice] = known;
  return new StoreError(code, path, `the store ${path} ${advice} (SQLite: ${error.message}, code ${result})`, error);
}

/** Returns the result of a failed integrity check as StoreError. */
export function toDamage(path: string, found: string): StoreError {
  return new StoreError(
    'store/damaged',
    path,
    `the store ${path} is damaged: ${RESTORE} (SQLite: ${found.replaceAll('\n', ' ').slice(0, 200)})`,
  );
}

const RESTORE =
  'stop newsfold, put the file away with its -wal and -shm, and put a copy that newsfold backup made in its place; without one, sqlite3 FILE .recover saves what can be read';

const reasons: ReadonlyMap<number, readonly [code: string, advice: string]> = new Map([
  [3, ['store/unusable', 'may not be used: check the permissions of the file and its folder']],
  [5, ['store/busy', 'was kept by another process for too long: try again']],
  [8, ['store/unusable', 'can only be read: check the permissions of the file, its -wal and -shm, its folder and its disk']],
  [10, ['store/io', 'could not be read or written: check that its disk has room and works; nothing that was stored is lost by this']],
  [11, ['store/damaged', `is damaged: ${RESTORE}`]],
  [13, ['store/full', 'could not be written, since its disk is full: make room and go on; nothing that was stored is lost']],
  [14, ['store/unusable', 'cannot be opened: check that it is there, that it and its folder may be used, and that the disk has room']],
  [26, ['store/unusable', `is no database, or is damaged: check the path; if it is right, ${RESTORE}`]],
]);
