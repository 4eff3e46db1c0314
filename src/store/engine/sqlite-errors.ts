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
  'stop newsfold, move the file away together with its -wal and -shm, and put a copy made by newsfold backup in its place; without such a copy, sqlite3 FILE .recover saves all rows that are still readable';

const reasons: ReadonlyMap<number, readonly [code: string, advice: string]> = new Map([
  [3, ['store/unusable', 'cannot be used, because access was denied: check the permissions of the file and its folder']],
  [5, ['store/busy', 'was locked by another process for too long: try again']],
  [8, ['store/unusable', 'is read-only: check the permissions of the file, its -wal and -shm, its folder and its disk']],
  [10, ['store/io', 'could not be read or written: check that its disk works and has free space; nothing that was stored is lost']],
  [11, ['store/damaged', `is damaged: ${RESTORE}`]],
  [13, ['store/full', 'could not be written, since its disk is full: make room and go on; nothing that was stored is lost']],
  [14, ['store/unusable', 'cannot be opened: check its path, the permissions of the file and its folder, and the free space on the disk']],
  [26, ['store/unusable', `is not a database, or is damaged: check the path; if the path is right, ${RESTORE}`]],
]);
