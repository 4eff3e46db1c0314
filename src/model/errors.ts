/** Something from outside that could not be read or done as it should: told to the owner, never
 *  thrown. */
export interface Problem {
  /** Stable machine word, `stage/what`: `fetch/timeout`, `date/unreadable`. */
  readonly code: string;
  /** One sentence for the owner: what failed, on what, and what to do about it. */
  readonly message: string;
  /** Identity or path of the one entry it concerns; absent when the whole source is concerned. */
  readonly entry?: string;
}

/** A problem as a report prints it: with the source it came from. */
export interface SourceProblem extends Problem {
  /** Id of the source; the empty string when no source is concerned. */
  readonly source: string;
}

/** Base of every error that Newsfold throws on purpose. `code` is stable; `exitCode` is what a
 *  command ends with (docs/design.md §90). */
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

/** The configuration cannot be used; `faults` has a line for each fault, all of them. */
export class ConfigError extends NewsfoldError {
  readonly file: string;
  readonly faults: readonly ConfigFault[];

  constructor(file: string, faults: readonly ConfigFault[]) {
    super('config/invalid', `${file}: ${faults.length} fault${faults.length === 1 ? '' : 's'}`, { exitCode: 2 });
    this.file = file;
    this.faults = faults;
  }
}

/** A change to the configuration file that cannot be made without changing something else in it;
 *  the file is left as it is. */
export class ConfigEditError extends NewsfoldError {
  constructor(message: string, cause?: unknown) {
    super('config/edit', message, { exitCode: 2, cause });
  }
}

/** One fault of a configuration file. */
export interface ConfigFault {
  /** 1-based line in the file; null when the fault has no place in it (an environment variable, a
   *  missing file). */
  readonly line: number | null;
  /** Dotted key, `sources[2].priority`; the empty string for the whole file. */
  readonly key: string;
  /** What stands there, shortened, as JSON; null when nothing does. */
  readonly value: string | null;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** The store cannot be opened, written or understood. */
export class StoreError extends NewsfoldError {
  readonly store: string;

  constructor(code: string, store: string, message: string, cause?: unknown) {
    super(code, message, { exitCode: 3, cause });
    this.store = store;
  }
}

/** Reports whether a thrown error concerns more than the item at hand: one thrown on purpose, an
 *  abort, memory, the system or the database. */
export function endsRun(error: unknown): boolean {
  if (error instanceof NewsfoldError) return true;
  if (!(error instanceof Error)) return false;
  const { code, errcode, syscall, severity } = error as Foreign;
  if (error.name === 'AbortError' || [errcode, syscall, severity].some((sign) => sign !== undefined)) return true;
  return /MEMORY/.test(String(code)) || (error instanceof RangeError && /allocation|memory/i.test(error.message));
}

/** Signs of errors of node:sqlite, of the system and of pg. */
interface Foreign {
  readonly code?: unknown;
  readonly errcode?: unknown;
  readonly syscall?: unknown;
  readonly severity?: unknown;
}

/** SQLite: a value that is too large, a constraint, a wrong type (sqlite.org/rescode.html). */
const ROW_FAULTS: ReadonlySet<number> = new Set([18, 19, 20]);
/** A trigger is none of ours: somebody wants nothing to be written. */
const TRIGGER = 1811;

/** Reports whether a database has refused one row for its content. This is the item's fault
 *  while rows of items are written (SQLSTATE classes 22 and 23). */
export function isRowFault(error: unknown): boolean {
  const { code, errcode, severity } = (error ?? {}) as Foreign;
  if (typeof errcode === 'number') return errcode !== TRIGGER && ROW_FAULTS.has(errcode & 0xff);
  return severity !== undefined && /^2[23]/.test(String(code));
}
