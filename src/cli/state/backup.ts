import { link, rename, rm, writeFile } from 'node:fs/promises';
import { openStored } from '../../app/app.ts';
import { readConfig } from '../../app/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import { exists, toFileError } from '../output/files.ts';
import { complain, print } from '../output/print.ts';

/** Copies the store at one instant to a new file; runs and the server go on. The store is
 *  neither migrated nor written. Exit code 1 when the file exists, or when the store is
 *  PostgreSQL. */
export async function backupCommand(file: string, options: { readonly config: string }): Promise<number> {
  if (readConfig(options.config).store.kind === 'postgres') {
    complain('backup copies SQLite stores only: use pg_dump for PostgreSQL, or newsfold export to write the state as text');
    return 1;
  }
  const { store } = await openStored(options.config);
  // The file gets its name only when it is complete.
  const part = `${file}.${process.pid}.part`;
  try {
    if (await exists(file)) return refuse(file);
    // The copy may contain secret addresses, like the store, so only its owner may read it.
    await writeFile(part, '', { flag: 'wx', mode: 0o600 });
    try {
      await store.backup(part);
      if (!(await claim(part, file))) return refuse(file);
    } finally {
      await rm(part, { force: true });
    }
    print(`${store.name} copied to ${file}`);
    return 0;
  } catch (error) {
    throw error instanceof NewsfoldError ? error : toFileError(file, 'written', error);
  } finally {
    await store.close();
  }
}

function refuse(file: string): number {
  complain(`${file} exists already: name another file`);
  return 1;
}

/** Gives the file its name unless that is taken. On file systems without links another process
 *  may take the name between check and rename. */
async function claim(part: string, file: string): Promise<boolean> {
  try {
    await link(part, file);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'EEXIST' || (await exists(file))) return false;
    await rename(part, file);
    return true;
  }
}
