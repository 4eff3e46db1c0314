import { lstat } from 'node:fs/promises';
import { NewsfoldError } from '../../model/errors.ts';

/** Turns a failed read or write of a named file into an error with a message; returns any other
 *  error unchanged. `file/unreadable` and `file/unwritable` end with 2: the command was given a
 *  wrong path. */
export function toFileError(file: string, operation: 'read' | 'written', error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = operation === 'read' ? 'file/unreadable' : 'file/unwritable';
  return new NewsfoldError(code, `${file} cannot be ${operation} (${String(error.code)})`, { exitCode: 2, cause: error });
}

/** Reports whether something exists at this path; a dangling link counts.
 *  @throws NewsfoldError `file/unwritable` when the path cannot be examined. */
export async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw toFileError(file, 'written', error);
  }
}
