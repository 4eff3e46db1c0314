import type { Generated } from 'kysely';
import { z } from 'zod';

/** Largest value of PostgreSQL's type `integer`. */
const MAX_COUNT = 2 ** 31 - 1;
/** Last instant that a Date can hold (ECMA-262, time values), in milliseconds. */
const MAX_TIME = 8.64e15;

/** Text without U+0000 and lone surrogates. PostgreSQL refuses both, so no store has them. */
export const text = z
  .string({ error: 'must be text' })
  .refine((value) => !value.includes('\0') && value.isWellFormed(), { error: 'has a character that cannot be stored' });

/** Bytes as base64 (RFC 4648 §4), padded. */
export const base64 = z
  .string({ error: 'must be base64' })
  .refine((value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value), { error: 'must be base64' });

/** A SHA-256 in hexadecimal. */
export const sha256HexText = matching(/^[0-9a-f]{64}$/, 'a SHA-256');

/** An instant or a duration in milliseconds. */
export const time = integer(-MAX_TIME, MAX_TIME);

/** A count, or a position in a sequence. */
export const wholeCount = integer(0, MAX_COUNT);

/** A row number from 1. The limit leaves room for a higher number than any stored one. */
export const number = integer(1, MAX_COUNT - 1);

export const finite = z.number({ error: 'must be a number' });

/** A boolean: 1 is true. */
export const flag: z.ZodType<number> = z.literal([0, 1], { error: 'must be 0 or 1' });

export const textOrNull = text.nullable();
export const timeOrNull = time.nullable();
export const numberOrNull = number.nullable();
export const countOrNull = wholeCount.nullable();

/** A column that an insert may leave out, because the store assigns its value. */
export function given(column: z.ZodType<number>): z.ZodType<Generated<number>> {
  // Only the type differs: an exported row has the value.
  return column as unknown as z.ZodType<Generated<number>>;
}

export function matching(pattern: RegExp, name: string) {
  return z.string({ error: `must be ${name}` }).regex(pattern, { error: `must be ${name}` });
}

/** One of these texts. */
export function oneOf<T extends string>(...allowed: readonly T[]): z.ZodType<T> {
  return z.literal(allowed, { error: `must be one of ${allowed.join(', ')}` });
}

/** One of these numbers. */
export function oneNumberOf(...allowed: readonly number[]): z.ZodType<number> {
  return z.literal(allowed, { error: `must be one of ${allowed.join(', ')}` });
}

/** A column with JSON text. `name` describes the expected value in messages, `value` checks it. */
export function json(name: string, value: z.ZodType) {
  return text.refine((stored) => holds(stored, value), { error: `must be ${name}, as JSON` });
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const object = z.custom<object>(isObject);
export const jsonObject = json('an object', object);
export const jsonObjects = json('a list of objects', z.array(object));
export const jsonTexts = json('a list of texts', z.array(z.string()));

function integer(least: number, most: number): z.ZodType<number> {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function holds(stored: string, value: z.ZodType): boolean {
  try {
    return value.safeParse(JSON.parse(stored)).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
