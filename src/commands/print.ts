/** Writes one line to standard output. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error: what went wrong, never a result. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Writes one JSON value as a line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** A number with its word, which ends in s or ies where there is not one: `1 entry`, `0 new stories`. */
export function countOf(count: number, word: string): string {
  return `${count} ${count === 1 ? word : word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`}`;
}

/** Text in colour on a terminal that wants it (no-color.org), else as it is. */
export function colour(name: 'red' | 'green' | 'yellow' | 'dim' | 'bold', text: string): string {
  if (!process.stdout.isTTY || !process.stdout.hasColors()) return text;
  const codes = { red: [31, 39], green: [32, 39], yellow: [33, 39], dim: [2, 22], bold: [1, 22] } as const;
  const [on, off] = codes[name];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Columns of text, padded to their widest cell. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
