import type { ConfigFault } from '../model/errors.ts';

/** A fault of the configuration as a line: file, line, key, value, what is allowed. */
export function toFaultLine(file: string, { line, key, value, message }: ConfigFault): string {
  const place = line === null ? file : `${file}:${line}`;
  return `${place}: ${key === '' ? '' : `${key}${value === null ? '' : ` = ${value}`}: `}${message}`;
}
