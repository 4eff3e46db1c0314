import { styleText } from 'node:util';

/** Writes one line to standard output. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: a failure or a note, never a result. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes one JSON value as a line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** Returns a number with its noun in the singular or plural: `1 entry`, `0 new stories`. */
export function countOf(count: number, word: string): string {
  return `${count} ${count === 1 ? word : word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`;
}

/** Returns the text in colour on a terminal that wants it (no-color.org), else unchanged. */
export function colour(name: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string): string {
  // styleText alone would also colour files and pipes when FORCE_COLOR is set.
  return process.stdout.isTTY ? styleText(name, text) : text;
}

/** Returns rows as lines whose columns are padded to their widest cell. */
export function toColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
