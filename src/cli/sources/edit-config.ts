import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readConfig } from '../../app/config.ts';
import type { AppConfig } from '../../config/config.ts';
import { ConfigError, ConfigEditError, NewsfoldError } from '../../model/errors.ts';
import { toFileError } from '../output/files.ts';
import { complain } from '../output/print.ts';

/** What became of an edit. */
interface ConfigEdit {
  /** false when the edit changes nothing, or with `dryRun`. */
  readonly written: boolean;
  /** The configuration as it is with the edit. */
  readonly config: AppConfig;
}

/** Changes the text of a configuration file. It must load before and after; then it takes the place
 *  of the old one in one step, with its mode and owner, behind a symbolic link if it is one. With
 *  `dryRun` all is tried and nothing written. What `edit` throws is passed on.
 *  @throws ConfigError when the file does not load, or would not; ConfigEditError when it is not
 *  UTF-8; NewsfoldError `config/changed` when somebody else has changed it meanwhile,
 *  `file/unwritable`. */
export async function editConfig(
  file: string,
  edit: (text: string, config: AppConfig) => string | Promise<string>,
  options: { readonly dryRun?: boolean } = {},
): Promise<ConfigEdit> {
  // Faults of what is there now are told as such, and so is a file that is missing.
  readConfig(file);
  const bytes = await guard(file, 'read', readFile(file));
  const text = toText(bytes, file);
  const before = readConfig(file, text);
  const edited = await edit(text, before);
  if (edited === text) return { written: false, config: before };
  const config = readEdited(file, edited);
  if (options.dryRun !== true) await replace(file, bytes, edited);
  return { written: options.dryRun !== true, config };
}

function readEdited(file: string, text: string): AppConfig {
  try {
    return readConfig(file, text);
  } catch (error) {
    if (error instanceof ConfigError)
      complain(`${file} would not load with this change; nothing was written. Lines are those it would have:`);
    throw error;
  }
}

/** Another text would lose the bytes that it cannot be read as. */
function toText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigEditError(`${file} is not UTF-8: save it as that first`, error);
    throw error;
  }
}

async function replace(file: string, before: Uint8Array, text: string): Promise<void> {
  const target = await guard(file, 'written', realpath(file));
  const part = `${target}.${process.pid}.part`;
  try {
    const { mode, uid, gid } = await stat(target);
    const handle = await open(part, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      const made = await handle.stat();
      if (made.uid !== uid || made.gid !== gid) await chown(part, uid, gid);
      await chmod(part, mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await readFile(target)).equals(before)) {
      throw new NewsfoldError('config/changed', `${file} was changed by somebody else meanwhile: try again`, { exitCode: 1 });
    }
    await rename(part, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(part, { force: true });
    throw toReplaceError(file, error);
  }
}

/** The new name is on the disk too before anybody is told; some file systems cannot sync a folder,
 *  and need not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => null);
  await handle?.close();
}

function toReplaceError(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const hints: Readonly<Record<string, string>> = {
    EBUSY: 'it is mounted by itself: mount its folder instead',
    EPERM: 'it belongs to somebody else: run this as its owner',
  };
  const hint = typeof code === 'string' ? hints[code] : undefined;
  if (hint === undefined) return toFileError(file, 'written', error);
  return new NewsfoldError('file/unwritable', `${file} cannot be replaced (${String(code)}): ${hint}`, { exitCode: 2, cause: error });
}

function guard<T>(file: string, what: 'read' | 'written', work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw toFileError(file, what, error);
  });
}
