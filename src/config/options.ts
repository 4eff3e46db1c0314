import { z } from 'zod';
import {
  addressRange,
  choice,
  wholeNumber,
  duration,
  glob,
  instant,
  language,
  object,
  size,
  slug,
  filledText,
  webUrl,
} from './option-values.ts';

const matchFields = ['title', 'text', 'author', 'category', 'url', 'language'] as const;
const match = z
  .partialRecord(choice(...matchFields), filledText, `must have exactly one of ${matchFields.join(', ')}`)
  .refine((value) => Object.keys(value).length === 1, `must have exactly one of ${matchFields.join(', ')}`)
  .transform((value) => {
    const [field = 'title', pattern = ''] = Object.entries(value)[0] ?? [];
    return { field: field as (typeof matchFields)[number], pattern };
  })
  .meta({ description: 'One of title, text, author, category, url, language: a word, a phrase, or /pattern/' });

const site = object({
  title: filledText.default('Newsfold'),
  url: webUrl.default('http://localhost:8080'),
  language: language.optional(),
  author: object({ name: filledText, email: filledText.optional(), url: webUrl.optional() }).optional(),
  description: filledText.optional(),
  footer: filledText.optional(),
  stylesheet: filledText.optional(),
  accent: filledText.regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'must be a colour such as #0b5fae').optional(),
  images: z.boolean('must be true or false').default(true),
});

const server = object({
  host: filledText.default('127.0.0.1'),
  port: wholeNumber(0, 65_535).default(8080),
  token: filledText.optional(),
  trustProxy: z.boolean('must be true or false').default(false),
  limitRequests: z.union([z.literal('off'), wholeNumber(1, 100_000)], 'must be off or a number of requests an hour').default('off'),
});

const fetch = object({
  userAgent: filledText.optional(),
  concurrency: wholeNumber(1, 200).default(20),
  perHost: wholeNumber(1, 2).default(2),
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
    file: filledText.optional(),
    articles: filledText.optional(),
    page: webUrl.optional(),
    title: filledText.optional(),
    tags: z.array(slug).default([]),
    priority: wholeNumber(0, 100).default(50),
    interval: duration.optional(),
    fullText: z.boolean('must be true or false').default(false),
    fold: z.boolean('must be true or false').default(true),
    previous: webUrl.optional(),
    private: z.boolean('must be true or false').default(false),
    headers: z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be a header name'), z.string()).default({}),
    auth: object({ user: filledText, password: filledText }).optional(),
    userAgent: filledText.optional(),
    timeout: duration.optional(),
    maxBytes: size.optional(),
    language: language.optional(),
    shorter: choice('keep', 'replaces').default('keep'),
    files: z.array(glob).optional(),
    skip: z.array(glob).optional(),
  },
  'write `- feed: https://…` (or `page:`, `file:`, `articles:` in place of `feed:`)',
);

const contentChoice = choice('lead', 'fullest', 'summary');
const feed = object({
  slug,
  title: filledText.optional(),
  default: z.boolean('must be true or false').default(false),
  sources: z.array(slug).default([]),
  tags: z.array(slug).default([]),
  include: z.array(match).default([]),
  exclude: z.array(match).default([]),
  since: instant.optional(),
  minSources: wholeNumber(1, 1000).default(1),
  limit: wholeNumber(1, 1000).default(50),
  order: choice('published', 'updated').default('published'),
  maxPerSource: wholeNumber(1, 1000).optional(),
  maxPerSourcePerDay: wholeNumber(1, 1000).optional(),
  holdBack: duration.prefault(0),
  content: contentChoice.optional(),
  private: z.boolean('must be true or false').default(false),
  token: filledText.optional(),
  movedTo: webUrl.optional(),
  retired: z.union([z.boolean(), instant], 'must be true, false or the date of its end').default(false),
});

/** The schema of the whole configuration file (docs/configuration.md). config.ts turns its output
 *  into the model's types. check.ts checks rules that span several keys, such as the one address of
 *  a source. */
export const options = object({
  site: site.prefault({}),
  store: filledText
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:PATH or postgres://USER@HOST/DATABASE')
    .default('sqlite:../data/newsfold.db'),
  server: server.prefault({}),
  schedule: filledText.default('*/10 * * * *'),
  timeZone: filledText.optional(),
  fetch: fetch.prefault({}),
  fold: object({
    level: choice('off', 'keys', 'careful', 'normal').default('careful'),
    window: duration.prefault('14d'),
  }).prefault({}),
  alsoPublished: choice('footer', 'links', 'none').default('footer'),
  titlePrefix: z.boolean('must be true or false').default(false),
  updateNotes: z.boolean('must be true or false').default(true),
  content: contentChoice.default('lead'),
  keep: object({ days: wholeNumber(1, 36_500).optional(), perSource: wholeNumber(1, 1_000_000).optional() }).optional(),
  websub: object({
    hub: z.union([choice('own', 'off'), webUrl], 'must be own, off or an http:// or https:// address').default('off'),
    subscribe: z.boolean('must be true or false').default(false),
  }).optional(),
  onProblem: object({
    command: filledText.optional(),
    webhook: webUrl.optional(),
    every: duration.prefault('6h'),
  })
    .refine((value) => (value.command === undefined) !== (value.webhook === undefined), 'must have exactly one of command and webhook')
    .optional(),
  log: object({ level: choice('debug', 'info', 'warn', 'error').default('warn'), format: choice('json', 'pretty').optional() }).prefault(
    {},
  ),
  sources: z.array(source).default([]),
  feeds: z.array(feed).default([]),
});

/** A configuration file after the schema has parsed it. */
export type Options = z.output<typeof options>;
