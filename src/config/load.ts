import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError } from '../model/errors.ts';
import type { ConfigFault } from '../model/errors.ts';
import type { AlsoPublished, ContentChoice, Feed, Site } from '../model/feed.ts';
import type { SourceDeclaration } from '../model/source.ts';
import { faultsOfIssues, lineOf, toPathName } from './faults.ts';
import { options } from './options.ts';
import type { Options } from './options.ts';
import { substitute } from './substitute.ts';

/** The configuration, read once and passed down in slices. Durations are milliseconds, sizes bytes, paths absolute. */
export interface Config extends Pick<Options, 'server' | 'schedule' | 'fetch' | 'titlePrefix'> {
  readonly file: string;
  readonly site: Site;
  readonly store: StoreLocation;
  /** IANA name; null means the machine's zone. */
  readonly timeZone: string | null;
  readonly fold: { readonly level: Options['fold']['level']; readonly windowMs: number };
  readonly alsoPublished: AlsoPublished;
  readonly content: ContentChoice;
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' | null };
  readonly sources: readonly SourceDeclaration[];
  readonly feeds: readonly Feed[];
  /** Keys that are accepted and do nothing yet in this version. */
  readonly notInEffect: readonly string[];
}

/** Where the state is kept. */
export type StoreLocation = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** What the caller checks for the loader, so that each library stays in its own place. Each returns null or what is wrong. */
export interface ConfigChecks {
  readonly schedule: (expression: string) => string | null;
  readonly pattern: (pattern: string) => string | null;
}

type Env = Readonly<Record<string, string | undefined>>;
type Path = readonly PropertyKey[];

/** Reads a configuration file and the NEWSFOLD_* variables over it.
 *  Relative paths start at the file's folder, NEWSFOLD_STORE's at the working directory (DESIGN §10).
 *  @throws ConfigError with every fault at once: line, key, value and what is allowed. */
export function loadConfig(file: string, checks: ConfigChecks, env: Env = process.env): Config {
  const path = resolve(file);
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const syntax = document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, key: '', value: null, message: `not YAML: ${error.message}` }));
  if (syntax.length > 0) throw new ConfigError(path, syntax);

  const touched = new Map<string, Path>();
  const faults: ConfigFault[] = [];
  const where = (at: Path) => lineOf(document, lines, at);
  const fault = (at: Path, message: string) => faults.push({ line: where(at), key: toPathName(at), value: null, message });
  const raw = prepare(document.toJS() ?? {}, env, (at) => touched.set(toPathName(at), at), []);
  const parsed = parseTouched(raw, touched);
  if (!parsed.success) faults.push(...faultsOfIssues(parsed.error.issues, raw, where, (name) => touched.has(name)));
  // The rest is checked on whatever could be read, so that every fault is told at once.
  const read = (parsed.success ? parsed.data : raw) as Options;
  checkWhole(read, checks, fault);
  if (!parsed.success || faults.length > 0) throw new ConfigError(path, faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  return Object.freeze(toConfig(parsed.data, path, env, touched));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(path, [{ line: null, key: '', value: null, message: `cannot be read (${reason}): give another one with --config FILE` }]);
  }
}

/** Substitutes variables and drops keys without a value: an empty key is an absent one. */
function prepare(value: unknown, env: Env, touch: (at: Path) => void, at: Path): unknown {
  if (typeof value === 'string') {
    const done = substitute(value, env);
    if (done.touched) touch(at);
    return done.value;
  }
  if (Array.isArray(value)) return value.map((part, index) => prepare(part, env, touch, [...at, index]));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).map(([key, part]) => [key, prepare(part, env, touch, [...at, key])] as const);
  return Object.fromEntries(kept.filter(([, part]) => part !== null && part !== undefined));
}

/** A substituted value is text; where the schema wants a number or a truth value, it is tried as one. */
function parseTouched(raw: unknown, touched: ReadonlyMap<string, Path>) {
  const first = options.safeParse(raw);
  if (first.success) return first;
  let changed = false;
  for (const issue of first.error.issues) {
    if (!touched.has(toPathName(issue.path))) continue;
    const holder = issue.path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)[key], raw) as Record<PropertyKey, unknown>;
    const key = issue.path.at(-1) ?? '';
    const text = holder[key];
    if (text === 'true' || text === 'false') holder[key] = text === 'true';
    else if (typeof text === 'string' && /^-?\d+$/.test(text)) holder[key] = Number(text);
    changed ||= holder[key] !== text;
  }
  return changed ? options.safeParse(raw) : first;
}

function checkWhole(read: Options, checks: ConfigChecks, fault: (at: Path, message: string) => void): void {
  const schedule = typeof read.schedule === 'string' ? checks.schedule(read.schedule) : null;
  if (schedule) fault(['schedule'], `must be a cron expression such as */10 * * * *: ${schedule}`);
  if (typeof read.timeZone === 'string' && !isTimeZone(read.timeZone)) fault(['timeZone'], 'must be an IANA zone such as Europe/Berlin');
  const feeds = Array.isArray(read.feeds) ? read.feeds : [];
  const sources = Array.isArray(read.sources) ? read.sources : [];
  repeated(feeds.map((feed) => feed?.slug)).forEach(([index, name]) => fault(['feeds', index, 'slug'], `"${name}" is the slug of an earlier feed`));
  repeated(sources.map((source) => source?.id)).forEach(([index, name]) => fault(['sources', index, 'id'], `"${name}" is the id of an earlier source`));
  feeds.forEach((feed, index) => {
    for (const side of ['include', 'exclude'] as const) {
      (Array.isArray(feed?.[side]) ? feed[side] : []).forEach((match, place) => {
        // Unparsed, when another fault stopped the schema, it still has the file's form: { title: pattern }.
        const pattern: unknown = match?.pattern ?? Object.values(match ?? {})[0];
        const wrong = typeof pattern === 'string' ? checks.pattern(pattern) : null;
        if (wrong) fault(['feeds', index, side, place], `"${String(pattern)}" is no usable pattern: ${wrong}`);
      });
    }
  });
  const defaults = feeds.filter((feed) => feed?.default);
  if (defaults.length > 1) fault(['feeds'], `only one feed can be the default; ${defaults.map((feed) => feed.slug).join(', ')} are`);
  if (feeds.length > 1 && defaults.length === 0 && !feeds.some((feed) => feed?.slug === 'all')) {
    fault(['feeds'], 'none is the default: give one "default: true" or the slug "all"');
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function repeated(names: readonly (string | undefined)[]): [number, string][] {
  return names.flatMap((name, index): [number, string][] => (name !== undefined && names.indexOf(name) < index ? [[index, name]] : []));
}

function toConfig(read: Options, file: string, env: Env, touched: ReadonlyMap<string, Path>): Config {
  const folder = dirname(file);
  const storeText = env['NEWSFOLD_STORE'] || read.store;
  const url = (env['NEWSFOLD_URL'] || read.site.url).replace(/\/+$/, '');
  const { author } = read.site;
  const feeds = read.feeds.length > 0 ? read.feeds : [{ ...emptyFeed, slug: 'all', title: read.site.title }];
  const isDefault = (feed: { slug: string; default: boolean }) =>
    feed.default || (!feeds.some((other) => other.default) && (feed.slug === 'all' || feeds.length === 1));
  return {
    file,
    site: {
      title: read.site.title,
      url,
      language: read.site.language ?? null,
      author: { name: author?.name ?? read.site.title, email: author?.email ?? null, url: author?.url ?? null },
      description: read.site.description ?? null,
      footer: read.site.footer ?? null,
    },
    store: toStoreLocation(storeText, env['NEWSFOLD_STORE'] ? process.cwd() : folder),
    server: { ...read.server, host: env['NEWSFOLD_HOST'] || read.server.host, port: toPort(env['NEWSFOLD_PORT'], file) ?? read.server.port },
    schedule: read.schedule,
    timeZone: read.timeZone ?? null,
    fetch: read.fetch,
    fold: { level: read.fold.level, windowMs: read.fold.window },
    alsoPublished: read.alsoPublished,
    titlePrefix: read.titlePrefix,
    content: read.content,
    log: { level: read.log.level, format: read.log.format ?? null },
    sources: read.sources.map((source, index) => toDeclaration(source, folder, touched.has(`sources[${index}].feed`))),
    feeds: feeds.map((feed) => ({
      ...feed,
      title: feed.title ?? feed.slug,
      isDefault: isDefault(feed),
      since: feed.since ?? null,
      maxPerSource: feed.maxPerSource ?? null,
      maxPerSourcePerDay: feed.maxPerSourcePerDay ?? null,
      holdBackMs: feed.holdBack,
      token: feed.token ?? null,
      movedTo: feed.movedTo ?? null,
      content: feed.content ?? read.content,
    })),
    notInEffect: [
      ...(['keep', 'websub', 'onProblem'] as const).filter((key) => read[key] !== undefined),
      ...read.sources.flatMap((source, index) =>
        (['fullText', 'previous', 'page'] as const).filter((key) => source[key]).map((key) => `sources[${index}].${key}`),
      ),
    ],
  };
}

const emptyFeed = {
  default: true,
  sources: [],
  tags: [],
  include: [],
  exclude: [],
  minSources: 1,
  limit: 50,
  order: 'published',
  holdBack: 0,
  private: false,
  retired: false,
} satisfies Partial<Options['feeds'][number]>;

function toStoreLocation(text: string, folder: string): StoreLocation {
  if (/^postgres(ql)?:/.test(text)) return { kind: 'postgres', url: text };
  const path = text.replace(/^sqlite:/, '');
  return { kind: 'sqlite', path: isAbsolute(path) ? path : resolve(folder, path) };
}

function toPort(text: string | undefined, file: string): number | null {
  if (!text) return null;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new ConfigError(file, [{ line: null, key: 'NEWSFOLD_PORT', value: JSON.stringify(text), message: 'must be a port from 0 to 65535' }]);
}

function toDeclaration(source: Options['sources'][number], folder: string, secret: boolean): SourceDeclaration {
  const kind = (['feed', 'file', 'articles', 'page'] as const).find((name) => source[name] !== undefined) ?? 'feed';
  const given = source[kind] ?? '';
  const isRemote = kind === 'feed' || kind === 'page';
  return {
    id: source.id ?? null,
    kind,
    address: isRemote ? given : resolve(folder, given),
    title: source.title ?? null,
    tags: source.tags,
    priority: source.priority,
    intervalMs: source.interval ?? null,
    fullText: source.fullText,
    fold: source.fold,
    previous: source.previous ?? null,
    private: source.private || secret || (isRemote && /^https?:\/\/[^/?#]*@/i.test(given)),
    request: {
      headers: source.headers,
      auth: source.auth ?? null,
      userAgent: source.userAgent ?? null,
      timeoutMs: source.timeout ?? null,
      maxBytes: source.maxBytes ?? null,
    },
    language: source.language ?? null,
  };
}
