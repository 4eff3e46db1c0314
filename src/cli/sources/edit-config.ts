import { chmod, chown, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readConfig } from '../../app/config.ts';
import type { AppConfig } from '../../config/config.ts';
import { ConfigError, ConfigEditError, NewsfoldError } from '../../model/errors.ts';
import { toFileError } from '../output/files.ts';
import { complain } from '../output/print.ts';

/** The result of an edit. */
interface ConfigEdit {
  /** false when the edit changes nothing, or with `dryRun`. */
  readonly written: boolean;
  /** The configuration after the edit. */
  readonly config: AppConfig;
}

/** Edits a configuration file, which must load before and after. The new file replaces the old
 *  one atomically, with its mode and owner, behind a symbolic link too. With `dryRun` everything
 *  is checked and nothing written. Errors of `edit` are passed on.
 *  @throws ConfigError when the file does not load, or would not; ConfigEditError when it is not
 *  UTF-8; NewsfoldError `config/changed` when it was changed meanwhile, `file/unwritable`. */
export async function editConfig(
  file: string,
  edit: (text: string, config: AppConfig) => string | Promise<string>,
  options: { readonly dryRun?: boolean } = {},
): Promise<ConfigEdit> {
  // Faults of the present file, and a missing file, are reported as such.
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
      complain(`${file} would be invalid with this change; nothing was written. Line numbers include the change:`);
    throw error;
  }
}

/** Decoding other encodings would lose bytes, so only UTF-8 is edited. */
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
      throw new NewsfoldError('config/changed', `${file} was changed by another program meanwhile: try again`, { exitCode: 1 });
    }
    await rename(part, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(part, { force: true });
    throw toReplaceError(file, error);
  }
}

/** Syncs the rename to disk before success is reported. Some file systems cannot sync a folder
 *  and need not. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => null);
  await handle?.close();
}

function toReplaceError(file: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const hints: Readonly<Record<string, string>> = {
    EBUSY: 'the file itself is a mount: mount its folder instead',
    EPERM: 'it belongs to another user: run the command as its owner',
  };
  const hint = typeof code === 'string' ? hints[code] : undefined;
  if (hint === undefined) return toFileError(file, 'written', error);
  return new NewsfoldError('file/unwritable', `${file} cannot be replaced (${String(code)}): ${hint}`, { exitCode: 2, cause: error });
}

function guard<T>(file: string, operation: 'read' | 'written', work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw toFileError(file, operation, error);
  });
}
