import { lstat } from 'node:fs/promises';
import { NewsfoldError } from '../../model/errors.ts';

/** A failed read or write of a file that the caller named, for the message; anything else is
 *  returned as it is. `file/unreadable` and `file/unwritable` end with 2: the command was given the
 *  wrong path. */
export function toFileError(file: string, what: 'read' | 'written', error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = what === 'read' ? 'file/unreadable' : 'file/unwritable';
  return new NewsfoldError(code, `${file} cannot be ${what} (${String(error.code)})`, { exitCode: 2, cause: error });
}

/** Whether something stands at this path, a link that leads nowhere included.
 *  @throws NewsfoldError `file/unwritable` when that cannot be told. */
export async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw toFileError(file, 'written', error);
  }
}
