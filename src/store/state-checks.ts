/** What is wrong with a value of a column; null when nothing is. */
export type Check = (value: unknown) => string | null;

/** Largest integer of PostgreSQL's `integer`; the highest number that the store can give is one less. */
const MAX_COUNT = 2 ** 31 - 1;
/** Last instant that a Date can hold (ECMA-262, time values): what is beyond would fail wherever it is read. */
const MAX_TIME = 8.64e15;

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isListOf(isPart: (value: unknown) => boolean) {
  return (value: unknown) => Array.isArray(value) && value.every((part) => isPart(part));
}

export function isSettings(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { title, tags, priority, private: hidden } = value;
  return (title === null || isText(title)) && isListOf(isText)(tags) && typeof priority === 'number' && typeof hidden === 'boolean';
}

export function isWishes(value: unknown): boolean {
  if (!isObject(value)) return false;
  const isNumberOrNull = (part: unknown) => part === null || typeof part === 'number';
  const { ttlMinutes, skipHours, skipDays, updateIntervalMs, updateBase } = value;
  const areNumbers = isListOf((part) => typeof part === 'number');
  return [ttlMinutes, updateIntervalMs, updateBase].every(isNumberOrNull) && areNumbers(skipHours) && areNumbers(skipDays);
}

export function isMove(value: unknown): boolean {
  return isObject(value) && isText(value['to']) && time(value['since']) === null && typeof value['proofs'] === 'number';
}

export function isFound(value: unknown): boolean {
  return isObject(value) && isText(value['url']) && isText(value['via']) && time(value['at']) === null;
}

export function isOffer(value: unknown): boolean {
  return isObject(value) && isText(value['topic']) && isListOf(isText)(value['hubs']);
}

export function isNotice(value: unknown): boolean {
  return isObject(value) && isText(value['code']) && isText(value['message']) && time(value['at']) === null;
}

/** PostgreSQL takes neither U+0000 nor lone surrogates; no store has them. */
export function text(value: unknown): string | null {
  if (!isText(value)) return 'must be text';
  return value.includes('\0') || !value.isWellFormed() ? 'has a character that cannot be stored' : null;
}

export function base64(value: unknown): string | null {
  return isText(value) && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0 ? null : 'must be base64';
}

export function matching(pattern: RegExp, name: string): Check {
  return (value) => (isText(value) && pattern.test(value) ? null : `must be ${name}`);
}

function integer(least: number, most: number): Check {
  const fault = `must be a whole number from ${least} to ${most}`;
  return (value) => (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most ? null : fault);
}

export function finite(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? null : 'must be a number';
}

export function time(value: unknown): string | null {
  return integer(-MAX_TIME, MAX_TIME)(value);
}

export function count(value: unknown): string | null {
  return integer(0, MAX_COUNT)(value);
}

export function number(value: unknown): string | null {
  return integer(1, MAX_COUNT - 1)(value);
}

export function flag(value: unknown): string | null {
  return value === 0 || value === 1 ? null : 'must be 0 or 1';
}

export function oneOf(...allowed: readonly (string | number)[]): Check {
  return (value) => (allowed.some((one) => one === value) ? null : `must be one of ${allowed.join(', ')}`);
}

export function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

/** A column that holds JSON as text: what cannot be read would fail wherever it is used. */
export function json(name: string, isRight: (value: unknown) => boolean): Check {
  return (value) => {
    const fault = text(value);
    if (fault !== null) return fault;
    try {
      return isRight(JSON.parse(String(value))) ? null : `must be ${name}, as JSON`;
    } catch (error) {
      if (error instanceof SyntaxError) return `must be ${name}, as JSON`;
      throw error;
    }
  };
}
