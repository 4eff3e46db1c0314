import { z } from 'zod';
import { descriptions } from './descriptions.ts';

/** Slugs of feeds and ids of sources (DESIGN §10). */
const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z, 0-9 and -, not starting with -')
  .meta({ description: 'A short name of a-z, 0-9 and -' });

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const unitBytes: Readonly<Record<string, number>> = { B: 1, kB: 1000, MB: 1_000_000, KiB: 1024, MiB: 1_048_576 };

/** A duration such as `30s`, `10m`, `1h`, `14d`; 0 without a unit is allowed. Parsed to milliseconds. */
const durationAllowed = 'must be a duration such as 30s, 10m, 1h or 14d';
const duration = z
  .union([z.literal(0), z.string().regex(/^\d{1,6}(s|m|h|d)$/, durationAllowed)], durationAllowed)
  .transform((text) => (text === 0 ? 0 : Number(text.slice(0, -1)) * (unitMs[text.slice(-1)] ?? 0)))
  .meta({ description: 'A duration: 30s, 10m, 1h, 14d' });

/** A size such as `500kB` or `10MiB`. Parsed to bytes. */
const size = z
  .string()
  .regex(/^\d{1,6}(B|kB|MB|KiB|MiB)$/, 'must be a size such as 500kB or 10MiB')
  .transform((text) => Number.parseInt(text, 10) * (unitBytes[text.replace(/^\d+/, '')] ?? 0))
  .meta({ description: 'A size: 500kB, 10MiB' });

const text = z.string().min(1, 'must not be empty');
const count = (least: number, most: number) =>
  z
    .number()
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be a whole number from ${least} to ${most}`)
    .max(most, `must be a whole number from ${least} to ${most}`);
/** A pattern of paths below a folder. */
const glob = text.regex(/^(?!\/|.*(?:^|\/)\.\.(?:\/|$))/, 'must be a pattern of paths below the folder, such as *.md or drafts/**');
/** An address on the web. */
export const webUrl = z
  .string()
  .refine((value) => /^https?:\/\/[^\s/]/i.test(value) && URL.canParse(value), {
    error: 'must be an http:// or https:// address',
    abort: true,
  })
  .meta({ description: 'A web address' });
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
  url: webUrl.default('http://localhost:8080'),
  language: language.optional(),
  author: object({ name: text, email: text.optional(), url: webUrl.optional() }).optional(),
  description: text.optional(),
  footer: text.optional(),
  stylesheet: text.optional(),
  accent: text.regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as #0b5fae').optional(),
  images: z.boolean('must be true or false').default(true),
});

const server = object({
  host: text.default('127.0.0.1'),
  port: count(0, 65_535).default(8080),
  token: text.optional(),
  trustProxy: z.boolean('must be true or false').default(false),
  limitRequests: z.union([z.literal('off'), count(1, 100_000)], 'must be off or a number of requests an hour').default('off'),
});

const fetch = object({
  userAgent: text.optional(),
  concurrency: count(1, 200).default(20),
  perHost: count(1, 2).default(2),
  timeout: duration.prefault('30s'),
  maxBytes: size.prefault('10MiB'),
  minInterval: duration.prefault('1h'),
  maxInterval: duration.prefault('24h'),
  runTimeout: duration.prefault('10m'),
  proxy: webUrl.optional(),
  allowPrivateAddresses: z.array(addressRange).default([]),
});

const source = object(
  {
    id: slug.optional(),
    feed: webUrl.optional(),
    file: text.optional(),
    articles: text.optional(),
    page: webUrl.optional(),
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
    files: z.array(glob).optional(),
    skip: z.array(glob).optional(),
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
  holdBack: duration.prefault(0),
  content: contentChoice.optional(),
  private: z.boolean('must be true or false').default(false),
  token: text.optional(),
  movedTo: webUrl.optional(),
  retired: z.union([z.boolean(), instant], 'must be true, false or the date of its end').default(false),
});

/** The whole configuration file (DESIGN §10); what it parses to is turned into the model's types by load.ts; what concerns several keys at once,
 *  such as the one address of a source, is checked in check.ts. */
export const options = object({
  site: site.prefault({}),
  store: text
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:PATH or postgres://USER@HOST/DATABASE')
    .default('sqlite:../data/newsfold.db'),
  server: server.prefault({}),
  schedule: text.default('*/10 * * * *'),
  timeZone: text.optional(),
  fetch: fetch.prefault({}),
  fold: object({
    level: choice('off', 'keys', 'careful', 'normal').default('careful'),
    window: duration.prefault('14d'),
  }).prefault({}),
  alsoPublished: choice('footer', 'links', 'none').default('footer'),
  titlePrefix: z.boolean('must be true or false').default(false),
  updateNotes: z.boolean('must be true or false').default(true),
  content: contentChoice.default('lead'),
  keep: object({ days: count(1, 36_500).optional(), perSource: count(1, 1_000_000).optional() }).optional(),
  websub: object({
    hub: z.union([choice('own', 'off'), webUrl], 'must be own, off or an http:// or https:// address').default('off'),
    subscribe: z.boolean('must be true or false').default(false),
  }).optional(),
  onProblem: object({
    command: text.optional(),
    webhook: webUrl.optional(),
    every: duration.prefault('6h'),
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
export function toJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(options, { io: 'input' }) as JsonSchema;
  describe(schema, '');
  return { ...schema, title: 'Newsfold configuration' };
}

/** What of a JSON Schema is used here. */
export interface JsonSchema {
  description?: string | undefined;
  readonly title?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string | number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Says of each key what it is for, before the form that its value has. */
function describe(schema: JsonSchema, path: string): void {
  for (const [key, of] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    const said = descriptions[at];
    if (said !== undefined) of.description = said + (of.description === undefined ? '' : `. ${of.description}`);
    describe(of.items ?? of, at);
  }
}
