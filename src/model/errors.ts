/** A problem with data or a service from outside. It is reported to the owner and never thrown. */
export interface Problem {
  /** Stable machine word, `stage/what`: `fetch/timeout`, `date/unreadable`. */
  readonly code: string;
  /** One sentence for the owner: the cause, the thing that failed, and the remedy. */
  readonly message: string;
  /** Identity or path of the entry with the problem; absent when the problem concerns the whole
   *  source. */
  readonly entry?: string;
}

/** A problem with the source it belongs to, as a report prints it. */
export interface SourceProblem extends Problem {
  /** Id of the source; the empty string when the problem belongs to no source. */
  readonly source: string;
}

/** Base of every error that Newsfold throws on purpose. `code` is a stable machine word; `exitCode`
 *  is the exit code of the command (docs/design.md §90). */
export class NewsfoldError extends Error {
  readonly code: string;
  readonly exitCode: 1 | 2 | 3;

  constructor(code: string, message: string, options: { exitCode?: 1 | 2 | 3; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.exitCode = options.exitCode ?? 3;
  }
}

/** The configuration cannot be used. `faults` lists every fault. */
export class ConfigError extends NewsfoldError {
  readonly file: string;
  readonly faults: readonly ConfigFault[];

  constructor(file: string, faults: readonly ConfigFault[]) {
    super('config/invalid', `${file}: ${faults.length} fault${faults.length === 1 ? '' : 's'}`, { exitCode: 2 });
    this.file = file;
    this.faults = faults;
  }
}

/** A change to the configuration file that would also change something else in the file. The file
 *  is left unchanged. */
export class ConfigEditError extends NewsfoldError {
  constructor(message: string, cause?: unknown) {
    super('config/edit', message, { exitCode: 2, cause });
  }
}

/** One fault of a configuration file. */
export interface ConfigFault {
  /** Line in the file, counted from 1; null for a fault outside the file (an environment variable,
   *  a missing file). */
  readonly line: number | null;
  /** Dotted key, `sources[2].priority`; the empty string for the whole file. */
  readonly key: string;
  /** The faulty value as JSON, shortened; null when the key has no value. */
  readonly value: string | null;
  /** The fault and the allowed values, in one sentence. */
  readonly message: string;
}

/** The store cannot be opened, written or understood. */
export class StoreError extends NewsfoldError {
  /** Path of the database file, or name of the PostgreSQL database. */
  readonly store: string;

  constructor(code: string, store: string, message: string, cause?: unknown) {
    super(code, message, { exitCode: 3, cause });
    this.store = store;
  }
}

/** Reports whether an error concerns more than the item at hand and must end the run. Such errors
 *  are thrown on purpose, or come from an abort, memory, the system or the database. */
export function endsRun(error: unknown): boolean {
  if (error instanceof NewsfoldError) return true;
  if (!(error instanceof Error)) return false;
  const { code, errcode, syscall, severity } = error as Foreign;
  if (error.name === 'AbortError' || [errcode, syscall, severity].some((sign) => sign !== undefined)) return true;
  return /MEMORY/.test(String(code)) || (error instanceof RangeError && /allocation|memory/i.test(error.message));
}

/** Properties by which errors of node:sqlite, the system and pg are recognised. */
interface Foreign {
  readonly code?: unknown;
  readonly errcode?: unknown;
  readonly syscall?: unknown;
  readonly severity?: unknown;
}

/** SQLite result codes for a value that is too large, a constraint and a wrong type
 *  (sqlite.org/rescode.html). */
const ROW_FAULTS: ReadonlySet<number> = new Set([18, 19, 20]);
/** SQLITE_CONSTRAINT_TRIGGER. Newsfold has no triggers, so somebody else's trigger forbids
 *  writing. */
const TRIGGER = 1811;

/** Reports whether a database has refused one row because of its content (SQLSTATE classes 22 and
 *  23). While items are written, only that item is at fault. */
export function isRowFault(error: unknown): boolean {
  const { code, errcode, severity } = (error ?? {}) as Foreign;
  if (typeof errcode === 'number') return errcode !== TRIGGER && ROW_FAULTS.has(errcode & 0xff);
  return severity !== undefined && /^2[23]/.test(String(code));
}
