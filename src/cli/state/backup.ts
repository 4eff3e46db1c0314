import { link, rename, rm, writeFile } from 'node:fs/promises';
import { openStored } from '../../app/app.ts';
import { readConfig } from '../../app/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import { exists, toFileError } from '../output/files.ts';
import { complain, print } from '../output/print.ts';

/** Copies the store, as it stands at one instant, to a new file that can take its place; runs and
 *  the server go on meanwhile. The store is neither migrated nor written. Exit code 1 when the file
 *  is there already, or when the store is a server. */
export async function backupCommand(file: string, options: { readonly config: string }): Promise<number> {
  if (readConfig(options.config).store.kind === 'postgres') {
    complain('PostgreSQL has its own means for a copy: use pg_dump; newsfold export writes the state as text');
    return 1;
  }
  const { store } = await openStored(options.config);
  // Under its own name it is only once it is whole.
  const part = `${file}.${process.pid}.part`;
  try {
    if (await exists(file)) return refuse(file);
    // Like the store it may hold addresses that are secret: for its owner alone.
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
  complain(`${file} is there already and is not overwritten: name another file`);
  return 1;
}

/** Gives the file its name, unless another has it by now. File systems without links leave a moment
 *  between the look and the naming. */
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
