import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '../model/values/time.ts';

/** Slugs of feeds and ids of sources (docs/design.md §64). */
export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, not starting with -')
  .meta({ description: 'A short name of a-z, 0-9 and -' });

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS, d: DAY_MS };
const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000, KiB: 1024, MiB: 1_048_576 };

/** A duration such as `30s`, `10m`, `1h`, `14d`; 0 without a unit is allowed. Parsed to
 *  milliseconds. */
const durationAllowed = 'must be a duration such as 30s, 10m, 1h or 14d';
export const duration = z
  .union([z.literal(0), z.string().regex(/^\d{1,6}(s|m|h|d)$/, durationAllowed)], durationAllowed)
  .transform((text) => (text === 0 ? 0 : Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0)))
  .meta({ description: 'A duration: 30s, 10m, 1h, 14d' });

/** A size such as `500kB` or `10MiB`. Parsed to bytes. */
export const size = z
  .string()
  .regex(/^\d{1,6}(B|kB|MB|KiB|MiB)$/, 'must be a size such as 500kB or 10MiB')
  .transform((text) => Number.parseInt(text, 10) * (unitBytes[text.replace(/^\d+/, '')] ?? 0))
  .meta({ description: 'A size: 500kB, 10MiB' });

export const filledText = z.string().min(1, 'must not be empty');
export const wholeNumber = (least: number, most: number) =>
  z
    .number()
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be a whole number from ${least} to ${most}`)
    .max(most, `must be a whole number from ${least} to ${most}`);
/** A glob pattern of paths below a folder. */
export const glob = filledText.regex(
  /^(?!\/|.*(?:^|\/)\.\.(?:\/|$))/,
  'must be a pattern of paths below the folder, such as *.md or drafts/**',
);
/** An address on the web. */
export const webUrl = z
  .string()
  .refine((value) => /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value), {
    error: 'must be an http:// or https:// address',
    abort: true,
  })
  .meta({ description: 'A web address' });
/** A language tag (BCP 47). A malformed one such as `en_GB` would make every page throw that
 *  formats a date in it. */
export const language = filledText.refine(
  (value) => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(value) && isLocale(value),
  'must be a language tag such as en or pt-BR',
);
export const choice = <const T extends readonly [string, ...string[]]>(...words: T) => z.enum(words, `must be one of ${words.join(', ')}`);
export const instant = z
  .string()
  .refine(
    (value) => /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(value) && !Number.isNaN(Date.parse(value)),
    'must be a date: 2026-01-31',
  )
  .transform((value) => new Date(value))
  .meta({ description: 'A date: 2026-01-31, or 2026-01-31T12:00:00Z' });

/** A range of IP addresses in CIDR notation; a single address becomes a range of one. */
export const addressRange = filledText
  .regex(/^[0-9a-f.:]+(\/\d{1,3})?$/i, 'must be an address or a range of them, such as 127.0.0.1 or 127.0.0.0/8')
  .transform((range) => (range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`));

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Returns the schema of an object that rejects unknown keys and names the known ones. `textHint`
 *  is the message for a text in place of the object. */
export function object<T extends z.ZodRawShape>(shape: T, textHint: string | null = null) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `unknown key; known here: ${known.join(', ')}`;
      return textHint !== null && typeof issue.input === 'string' ? textHint : `must have the keys ${known.join(', ')}`;
    },
  });
}
