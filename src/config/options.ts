import { z } from 'zod';

/** Slugs of feeds and ids of sources (DESIGN §10). */
const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, not starting with -')
  .meta({ description: 'Short name of a-z, 0-9 and -' });

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000, KiB: 1024, MiB: 1_048_576 };

/** A duration such as `30s`, `10m`, `1h`, `14d`; 0 without a unit is allowed. Parsed to milliseconds. */
const durationAllowed = 'must be a duration such as 30s, 10m, 1h or 14d';
const duration = z
  .union([z.literal(0), z.string().regex(/^\d{1,6}(s|m|h|d)$/, durationAllowed)], durationAllowed)
  .transform((text) => (text === 0 ? 0 : Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0)))
  .meta({ description: 'Duration: 30s, 10m, 1h, 14d' });

/** A size such as `500kB` or `10MiB`. Parsed to bytes. */
const size = z
  .string()
  .regex(/^\d{1,6}(B|kB|MB|KiB|MiB)$/, 'must be a size such as 500kB or 10MiB')
  .transform((text) => Number.parseInt(text, 10) * (unitBytes[text.replace(/^\d+/, '')] ?? 0))
  .meta({ description: 'Size: 500kB, 10MiB' });

const text = z.string().min(1, 'must not be empty');
const count = (least: number, most: number) =>
  z
    .number()
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be a whole number from ${least} to ${most}`)
    .max(most, `must be a whole number from ${least} to ${most}`);
/** An address on the web. */
export const webUrl = z
  .string()
  .refine((value) => /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value), {
    error: 'must be an http:// or https:// address',
    abort: true,
  })
  .meta({ description: 'An http:// or https:// address' });
/** A language tag (BCP 47): `en_GB` and the like would break every page that writes a date in it. */
const language = text.refine(
  (value) => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(value) && isLocale(value),
  'must be a language tag such as en or pt-BR',
);
const choice = <const T extends readonly [string, ...string[]]>(...words: T) => z.enum(words, `must be one of ${words.join(', ')}`);
const instant = z
  .string()
  .refine(
    (value) => /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(value) && !Number.isNaN(Date.parse(value)),
    'must be a date: 2026-01-31',
  )
  .transform((value) => new Date(value))
  .meta({ description: 'A date: 2026-01-31, or 2026-01-31T12:00:00Z' });

/** A range of addresses; one address is the range of itself. */
const addressRange = text
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

/** An object that refuses keys it does not know and says which it knows; `textHint` is for a text that stands in its place. */
function object<T extends z.ZodRawShape>(shape: T, textHint: string | null = null) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `unknown key; known here: ${known.join(', ')}`;
      return textHint !== null && typeof issue.input === 'string' ? textHint : `must have the keys ${known.join(', ')}`;
    },
  });
}

const matchFields = ['title', 'text', 'author', 'category', 'url', 'language'] as const;
const match = z
  .partialRecord(choice(...matchFields), text, `must have one of ${matchFields.join(', ')}`)
  .refine((value) => Object.keys(value).length === 1, `must have one of ${matchFields.join(', ')}`)
  .transform((value) => {
    const [field = 'title', pattern = ''] = Object.entries(value)[0] ?? [];
    return { field: field as (typeof matchFields)[number], pattern };
  })
  .meta({ description: 'One of title, text, author, category, url, language: a word, a phrase, or /pattern/' });

const site = object({
  title: text.default('Newsfold'),
  url: webUrl.default('http://localhost:8080').meta({ description: 'Where readers reach the site; a path is allowed' }),
  language: language.optional().meta({ description: 'BCP 47, such as en or pt-BR' }),
  author: object({ name: text, email: text.optional(), url: webUrl.optional() }).optional(),
  description: text.optional(),
  footer: text.optional(),
  stylesheet: text.optional().meta({ description: 'Path of a CSS file of your own, which comes after the standard style' }),
  accent: text
    .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as #0b5fae')
    .optional()
    .meta({ description: 'Colour of links and marks: #0b5fae' }),
  images: z
    .boolean('must be true or false')
    .default(true)
    .meta({ description: 'false: pages leave out pictures, sound and films of entries' }),
});

const server = object({
  host: text.default('127.0.0.1'),
  port: count(0, 65_535).default(8080),
  token: text.optional().meta({ description: 'Bearer token of the API that changes things; without it that API is off' }),
  trustProxy: z.boolean('must be true or false').default(false),
  limitRequests: z.union([z.literal('off'), count(1, 100_000)], 'must be off or a number of requests an hour').default('off'),
});

const fetch = object({
  userAgent: text.optional(),
  concurrency: count(1, 200).default(20),
  perHost: count(1, 2).default(2).meta({ description: 'Requests at once to one host (CHECKS A15)' }),
  timeout: duration.default(30_000),
  maxBytes: size.default(10 * 1_048_576),
  minInterval: duration.default(3_600_000),
  maxInterval: duration.default(86_400_000),
  runTimeout: duration.default(600_000),
  proxy: webUrl.optional(),
  allowPrivateAddresses: z.array(addressRange).default([]),
});

const source = object(
  {
    id: slug.optional().meta({ description: 'Minted once and bound to kind and address if absent' }),
    feed: webUrl.optional().meta({ description: 'Address of an RSS, Atom or JSON feed' }),
    file: text.optional().meta({ description: 'Path or glob of saved feed files' }),
    articles: text.optional().meta({ description: 'Folder of .txt, .md and .html articles' }),
    page: webUrl.optional().meta({ description: 'A web page whose feed is discovered' }),
    title: text.optional(),
    tags: z.array(slug).default([]),
    priority: count(0, 100).default(50),
    interval: duration.optional(),
    fullText: z.boolean('must be true or false').default(false),
    fold: z.boolean('must be true or false').default(true),
    previous: webUrl.optional(),
    private: z.boolean('must be true or false').default(false),
    headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be a header name'), z.string()).default({}),
    auth: object({ user: text, password: text }).optional(),
    userAgent: text.optional(),
    timeout: duration.optional(),
    maxBytes: size.optional(),
    language: language.optional(),
  },
  'write `- feed: https://…` (or `page:`, `file:`, `articles:` in place of `feed:`)',
);

const contentChoice = choice('lead', 'fullest', 'summary');
const feed = object({
  slug,
  title: text.optional(),
  default: z.boolean('must be true or false').default(false),
  sources: z.array(slug).default([]),
  tags: z.array(slug).default([]),
  include: z.array(match).default([]),
  exclude: z.array(match).default([]),
  since: instant.optional(),
  minSources: count(1, 1000).default(1),
  limit: count(1, 1000).default(50),
  order: choice('published', 'updated').default('published'),
  maxPerSource: count(1, 1000).optional(),
  maxPerSourcePerDay: count(1, 1000).optional(),
  holdBack: duration.default(0),
  content: contentChoice.optional(),
  private: z.boolean('must be true or false').default(false),
  token: text.optional(),
  movedTo: webUrl.optional(),
  retired: z
    .union([z.boolean(), instant], 'must be true, false or the date of its end')
    .default(false)
    .meta({ description: 'true: answered with 410; a date: until then the feed says that it ends, from then on 410' }),
});

/** The whole configuration file (DESIGN §10); what it parses to is turned into the model's types by load.ts; what concerns several keys at once,
 *  such as the one address of a source, is checked in check.ts. */
export const options = object({
  site: site.prefault({}),
  store: text
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:PATH or postgres://USER@HOST/DATABASE')
    .default('sqlite:../data/newsfold.db'),
  server: server.prefault({}),
  schedule: text.default('*/10 * * * *').meta({ description: 'Cron expression: when due sources are polled' }),
  timeZone: text.optional().meta({ description: 'IANA name, such as Europe/Berlin, for the schedule' }),
  fetch: fetch.prefault({}),
  fold: object({
    level: choice('off', 'keys', 'careful', 'normal').default('careful'),
    window: duration.default(14 * 86_400_000),
  }).prefault({}),
  alsoPublished: choice('footer', 'links', 'none').default('footer'),
  titlePrefix: z.boolean('must be true or false').default(false),
  updateNotes: z
    .boolean('must be true or false')
    .default(true)
    .meta({ description: 'A revised story ends with a short list of its updates' }),
  content: contentChoice.default('lead'),
  keep: object({ days: count(1, 36_500).optional(), perSource: count(1, 1_000_000).optional() }).optional(),
  websub: object({
    hub: z.union([choice('own', 'off'), webUrl], 'must be own, off or an http:// or https:// address').default('off'),
    subscribe: z.boolean('must be true or false').default(false),
  }).optional(),
  onProblem: object({
    command: text.optional().meta({ description: 'Run by the shell, with what is wrong on standard input' }),
    webhook: webUrl.optional().meta({ description: 'Gets a POST of JSON with what is wrong' }),
    every: duration.default(6 * 3_600_000).meta({ description: 'How often the owner is told of what lasts' }),
  })
    .refine((value) => (value.command === undefined) !== (value.webhook === undefined), 'must have one of command and webhook')
    .optional(),
  log: object({ level: choice('debug', 'info', 'warn', 'error').default('warn'), format: choice('json', 'pretty').optional() }).prefault(
    {},
  ),
  sources: z.array(source).default([]),
  feeds: z.array(feed).default([]),
});

/** What the schema parses a file to. */
export type Options = z.output<typeof options>;

/** The JSON Schema of the file, for editors: what stands in config/newsfold.schema.json. */
export function toJsonSchema(): object {
  return { ...z.toJSONSchema(options, { io: 'input' }), title: 'Newsfold configuration' };
}
