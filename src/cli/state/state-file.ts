import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { NewsfoldError } from '../../model/errors.ts';
import { VERSION } from '../../model/version.ts';
import type { RowCounts, StateLine } from '../../ports/store/transfer.ts';
import { toFileError } from '../output/files.ts';

/** The format that this version writes and reads (docs/operation.md#export-and-import). */
const FORMAT = 1;
/** Longest line: a revision has at most three texts of the largest source (10 MiB), and JSON
 *  escapes lengthen them. */
const MAX_LINE_BYTES = 256 * 1_048_576;
/** Bytes of one write. */
const CHUNK = 65_536;

/** The first line of an export. */
interface StateHeader {
  readonly version: string;
  readonly exportedAt: string;
  /** Number of rows of each table that follow; null in a file without these numbers. */
  readonly rows: RowCounts | null;
}

/** Returns the first line of an export. */
export function toHeaderLine(exportedAt: Date, rows: RowCounts): object {
  return { newsfold: FORMAT, version: VERSION, exportedAt: exportedAt.toISOString(), rows };
}

/** Opens an export and returns its first line, and the other lines as they are read. `-` is
 *  standard input.
 *  @throws NewsfoldError `file/unreadable`, or `import/format` when the file is no export or of
 *  a newer version. Reading the lines throws `import/line` for invalid JSON, and
 *  `import/stopped` once `signal` is aborted. */
export async function openStateFile(
  file: string,
  signal: AbortSignal,
): Promise<{ readonly header: StateHeader; readonly lines: AsyncGenerator<StateLine> }> {
  const lines = readLines(file, signal);
  try {
    const first = await lines.next();
    return { header: toHeader(file, first.done === true ? null : first.value.value), lines };
  } catch (error) {
    await lines.return(undefined);
    // A file whose first line is unreadable is no export at all.
    if (error instanceof NewsfoldError && error.code === 'import/line') throw notOurs(file);
    throw error;
  }
}

function toHeader(file: string, value: unknown): StateHeader {
  if (typeof value !== 'object' || value === null || !('newsfold' in value)) throw notOurs(file);
  const { newsfold, version, exportedAt, rows } = value as Readonly<Record<string, unknown>>;
  const isNewer = typeof newsfold === 'number' && newsfold > FORMAT;
  if (isNewer || (typeof version === 'string' && compareVersions(version, VERSION) > 0)) {
    const message = `${file} was written by a newer Newsfold (${String(version)}, format ${String(newsfold)}; this is ${VERSION}): install that one`;
    throw new NewsfoldError('import/format', message, { exitCode: 1 });
  }
  const isRight = newsfold === FORMAT && typeof version === 'string' && VERSION_FORM.test(version) && typeof exportedAt === 'string';
  if (!isRight || !(rows === undefined || isCounts(rows))) throw notOurs(file);
  return { version, exportedAt, rows: rows ?? null };
}

function notOurs(file: string): NewsfoldError {
  const message = `${file} is no export of Newsfold: its first line must be {"newsfold":${FORMAT},"version":…,"exportedAt":…,"rows":{…}}`;
  return new NewsfoldError('import/format', message, { exitCode: 1 });
}

function isCounts(value: unknown): value is RowCounts {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((n) => Number.isSafeInteger(n));
}

const VERSION_FORM = /^\d+\.\d+\.\d+(?:[-+].*)?$/;

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) =>
    version
      .replace(/[-+].*$/, '')
      .split('.')
      .map(Number),
  );
  return (left ?? []).map((part, index) => part - (right?.[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

async function* readLines(file: string, signal: AbortSignal): AsyncGenerator<StateLine> {
  let line = 0;
  for await (const bytes of splitLines(file)) {
    line++;
    if (signal.aborted) throw new NewsfoldError('import/stopped', 'stopped: nothing was imported', { exitCode: 1 });
    const text = decode(bytes, line);
    if (text.trim() === '') continue;
    yield { line, value: parse(text, line) };
  }
}

function decode(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw badLine(line, 'it is not UTF-8');
    throw error;
  }
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw badLine(line, 'it is no JSON');
    throw error;
  }
}

function badLine(line: number, fault: string): NewsfoldError {
  return new NewsfoldError('import/line', `line ${line}: ${fault}; nothing was imported`, { exitCode: 1 });
}

/** node:readline would read a line of any length into memory. */
async function* splitLines(file: string): AsyncGenerator<Uint8Array> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let held: Buffer[] = [];
  let size = 0;
  let line = 1;
  try {
    for await (const chunk of input as AsyncIterable<Buffer>) {
      let from = 0;
      for (let to = chunk.indexOf(0x0a); to >= 0; to = chunk.indexOf(0x0a, from)) {
        yield Buffer.concat([...held, chunk.subarray(from, to)]);
        held = [];
        size = 0;
        line++;
        from = to + 1;
      }
      held.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > MAX_LINE_BYTES) throw badLine(line, `it is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (size > 0) yield Buffer.concat(held);
  } catch (error) {
    throw toFileError(file, 'read', error);
  }
}

/** The output of an export, buffered in pieces larger than a line. */
interface StateOutput {
  readonly write: (value: object) => Promise<void>;
  /** Gives the file its name, by which it first becomes visible. */
  readonly finish: () => Promise<void>;
  /** Removes an unfinished file. */
  readonly close: () => Promise<void>;
}

/** Opens the file of an export, readable only by its owner; `-` is standard output. An earlier
 *  export is replaced once the new one is complete.
 *  @throws NewsfoldError `file/unwritable`; `export/refused` when the file exists and is no
 *  export. */
export async function createStateFile(file: string): Promise<StateOutput> {
  if (file === '-') return buffer(writeOut, { finish: async () => undefined, close: async () => undefined });
  try {
    const before = await stat(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    // A pipe or a device is written directly.
    const target = before === null || before.isFile() ? `${file}.${process.pid}.part` : file;
    if (target !== file && before !== null && before.size > 0) await checkExport(file);
    const handle = await open(target, target === file ? 'w' : 'wx', 0o600);
    return toOutput(handle, target, file);
  } catch (error) {
    throw toFileError(file, 'written', error);
  }
}

function toOutput(handle: FileHandle, target: string, file: string): StateOutput {
  let isOpen = true;
  const end = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  const guard = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => {
        throw toFileError(file, 'written', error);
      },
    );
  return buffer((text) => guard(handle.appendFile(text)), {
    finish: async () => {
      if (target !== file) await guard(handle.sync());
      await end();
      if (target !== file) await guard(rename(target, file));
    },
    close: async () => {
      await end();
      if (target !== file) await rm(target, { force: true });
    },
  });
}

/** Refuses to replace any other file, so that a mistyped path does not destroy a configuration
 *  or a store. */
async function checkExport(file: string): Promise<void> {
  const handle = await open(file, 'r');
  const { buffer: bytes } = await handle.read(Buffer.alloc(12), 0, 12, 0).finally(() => handle.close());
  if (bytes.toString('latin1').startsWith('{"newsfold":')) return;
  throw new NewsfoldError('export/refused', `${file} exists and is no export: name another file`, { exitCode: 1 });
}

function buffer(write: (text: string) => Promise<void>, rest: Pick<StateOutput, 'finish' | 'close'>): StateOutput {
  let text = '';
  const flush = async () => {
    const piece = text;
    text = '';
    if (piece !== '') await write(piece);
  };
  return {
    write: async (value) => {
      text += `${JSON.stringify(value)}\n`;
      if (text.length >= CHUNK) await flush();
    },
    finish: async () => {
      await flush();
      await rest.finish();
    },
    close: rest.close,
  };
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.write(text)) resolve();
    else process.stdout.once('drain', resolve);
  });
}
