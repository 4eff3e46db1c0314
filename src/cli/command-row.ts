import { InvalidArgumentError } from 'commander';
import type { Option } from 'commander';

/** One command of the program: its usage, its options and the file that implements it. */
export interface CommandRow {
  /** Name and arguments as commander reads them: `split <story> <entry>`. */
  readonly usage: string;
  readonly description: string;
  readonly options?: readonly Option[];
  /** Text below the list of options in the help; none by default. */
  readonly note?: string;
  /** true: without --config the command gets null instead of the default file. */
  readonly isConfigOptional?: boolean;
  /** Subcommands; they take the options of this command too. */
  readonly below?: readonly CommandRow[];
  /** Loads the command when it is called, so that a start loads nothing else. Absent: the
   *  command only has subcommands. The function gets the arguments of `usage`, then the options
   *  with `config`, then the signal that ends the program. It resolves with the exit code. */
  readonly load?: () => Promise<(...given: never[]) => Promise<number>>;
}

/** Reads the port number of an option; 0 lets the system choose one.
 *  @throws InvalidArgumentError when the text is no port. */
export function toPort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('expected a port number from 0 to 65535');
  return Number(text);
}

/** Reads the whole number of an option, at most nine digits.
 *  @throws InvalidArgumentError when the text is no such number. */
export function parseCountOption(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
