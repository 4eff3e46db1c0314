import { readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { ConfigError } from '../model/errors.ts';
import type { ConfigFault } from '../model/errors.ts';
import type { AlsoPublished, ContentChoice, Feed, Site } from '../model/feed.ts';
import type { SourceDeclaration } from '../model/source.ts';
import { checkVariables, checkWhole, mayBeUnset } from './check.ts';
import type { ConfigChecks } from './check.ts';
import { faultsOfIssues, HIDDEN, lineOf, toPathName, toShown, valueAt } from './faults.ts';
import { options, webUrl } from './options.ts';
import type { Options } from './options.ts';
import { substitute } from './substitute.ts';

/** The configuration, read once and passed down in slices. Durations are milliseconds, sizes bytes, paths absolute. */
export interface Config extends Pick<Options, 'server' | 'schedule' | 'titlePrefix' | 'updateNotes'> {
  readonly file: string;
  /** When the file was saved last. */
  readonly savedAt: Date;
  readonly fetch: Omit<Options['fetch'], 'proxy'> & { readonly proxy: string | null; readonly noProxy: readonly string[] };
  readonly site: Site;
  /** Where `site.stylesheet` was read from; null when there is none. */
  readonly stylesheetFile: string | null;
  readonly store: StoreLocation;
  /** IANA name; null means the machine's zone. */
  readonly timeZone: string | null;
  readonly fold: { readonly level: Options['fold']['level']; readonly windowMs: number };
  readonly alsoPublished: AlsoPublished;
  readonly content: ContentChoice;
  readonly websub: WebSubConfig;
  /** How long entries are kept; null is for ever. */
  readonly keep: { readonly days: number | null; readonly perSource: number | null };
  /** How the owner is told of problems; null when he need not be. */
  readonly onProblem: { readonly command: string | null; readonly webhook: string | null; readonly everyMs: number } | null;
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' | null };
  readonly sources: readonly SourceDeclaration[];
  readonly feeds: readonly Feed[];
}

/** Push in both directions (W3C WebSub). */
export interface WebSubConfig {
  /** The hub that feeds name, our own at `{site}/websub` or another; null for none. */
  readonly hub: string | null;
  /** Whether that is our own. */
  readonly isOwn: boolean;
  /** Whether sources that push are subscribed to. */
  readonly subscribe: boolean;
}

/** Where the state is kept. */
export type StoreLocation = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

type Env = Readonly<Record<string, string | undefined>>;
type Path = readonly PropertyKey[];

/** Reads a configuration file and the NEWSFOLD_* variables over it; `text` is what the file is to say, when that is not what it says now.
 *  Relative paths start at the file's folder, NEWSFOLD_STORE's at the working directory (DESIGN §10).
 *  @throws ConfigError with every fault at once: line, key, value and what is allowed. */
export function loadConfig(file: string, checks: ConfigChecks, env: Env = process.env, text: string | null = null): Config {
  const path = resolve(file);
  const lines = new LineCounter();
  const document = parseDocument(text ?? readText(path), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const syntax = document.errors.map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    key: '',
    value: null,
    message: `not YAML: ${error.message}`,
  }));
  if (syntax.length > 0) throw new ConfigError(path, syntax);

  const touched = new Map<string, Path>();
  const faults: ConfigFault[] = [];
  const where = (at: Path) => lineOf(document, lines, at);
  const unset = new Map<string, ConfigFault>();
  const note = (at: Path, names: readonly string[]) => {
    const key = toPathName(at);
    touched.set(key, at);
    const message = `the variable ${names.join(' and ')} is not set: set it, or write \${NAME:-} if it may be missing`;
    if (names.length > 0) unset.set(key, { line: where(at), key, value: null, message });
  };
  const raw = prepare(toPlain(document, path) ?? {}, env, note, []);
  const parsed = parseTouched(raw, touched);
  checkVariables(
    env,
    (url) => webUrl.safeParse(url).success,
    (name, allowed) => faults.push({ line: null, key: name, value: HIDDEN, message: allowed }),
  );
  if (!parsed.success) faults.push(...faultsOfIssues(parsed.error.issues, raw, where, (name) => touched.has(name)));
  checkWhole(raw, checks, (at, allowed, reason) => {
    const key = toPathName(at);
    const isSecret = touched.has(key);
    faults.push({
      line: where(at),
      key,
      value: isSecret ? HIDDEN : toShown(valueAt(raw, at)),
      message: isSecret || reason === undefined ? allowed : `${allowed}: ${reason}`,
    });
  });
  const stylesheet = parsed.success ? readStylesheet(parsed.data.site.stylesheet, dirname(path)) : null;
  if (stylesheet instanceof Error)
    faults.push({
      line: where(['site', 'stylesheet']),
      key: 'site.stylesheet',
      value: touched.has('site.stylesheet') ? HIDDEN : toShown(valueAt(raw, ['site', 'stylesheet'])),
      message: stylesheet.message,
    });
  if (!parsed.success || stylesheet instanceof Error || faults.length > 0 || unset.size > 0) {
    // What is wrong with a value that has its variable missing is that alone.
    const all = [...unset.values(), ...faults.filter(({ key }) => !unset.has(key))];
    throw new ConfigError(
      path,
      all.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)),
    );
  }
  return Object.freeze(toConfig(parsed.data, path, env, touched, stylesheet));
}

/** An alias of nothing, and aliases that multiply without end, show only when the values are asked for. */
function toPlain(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new ConfigError(path, [{ line: null, key: '', value: null, message: `not YAML: ${error.message}` }]);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ConfigError(path, [
      { line: null, key: '', value: null, message: `cannot be read (${reason}): give another one with --config FILE` },
    ]);
  }
}

/** Every page waits for it. */
const LARGEST_STYLESHEET = 200_000;

/** The owner's CSS; null when he has none, an Error that says what is wrong with the file. */
function readStylesheet(given: string | undefined, folder: string): string | null | Error {
  if (given === undefined) return null;
  try {
    const css = readFileSync(resolve(folder, given), 'utf8');
    return css.length > LARGEST_STYLESHEET ? new Error(`must be a CSS file of at most ${LARGEST_STYLESHEET / 1000} kB`) : css;
  } catch (error) {
    return new Error(
      `must be a CSS file that can be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'})`,
    );
  }
}

/** Substitutes variables and drops keys without a value: an empty key is an absent one. `note` is told where variables stand, and which are missing. */
function prepare(value: unknown, env: Env, note: (at: Path, unset: readonly string[]) => void, at: Path): unknown {
  if (typeof value === 'string') {
    const done = substitute(value, env);
    const isAbsent = done.unset.length > 0 ? mayBeUnset(value, at, env) : done.touched && done.value === '';
    if (done.touched) note(at, isAbsent ? [] : done.unset);
    return isAbsent ? null : done.value;
  }
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => prepare(part, env, note, [...at, index]));
    return parts.filter((part, index) => part !== null || value[index] === null);
  }
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).map(([key, part]) => [key, prepare(part, env, note, [...at, key])] as const);
  return Object.fromEntries(kept.filter(([, part]) => part !== null && part !== undefined));
}

/** A substituted value is text; where the schema wants a number or a truth value, it is tried as one. */
function parseTouched(raw: unknown, touched: ReadonlyMap<string, Path>) {
  const first = options.safeParse(raw);
  if (first.success) return first;
  let changed = false;
  for (const issue of first.error.issues) {
    if (!touched.has(toPathName(issue.path))) continue;
    const holder = issue.path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown>)[key], raw) as Record<
      PropertyKey,
      unknown
    >;
    const key = issue.path.at(-1) ?? '';
    const text = holder[key];
    if (text === 'true' || text === 'false') holder[key] = text === 'true';
    else if (typeof text === 'string' && /^-?\d+$/.test(text)) holder[key] = Number(text);
    changed ||= holder[key] !== text;
  }
  return changed ? options.safeParse(raw) : first;
}

function toConfig(read: Options, file: string, env: Env, touched: ReadonlyMap<string, Path>, stylesheet: string | null): Config {
  const folder = dirname(file);
  const storeText = env['NEWSFOLD_STORE'] || read.store;
  const url = (env['NEWSFOLD_URL'] || read.site.url).replace(/\/+$/, '');
  const { author } = read.site;
  const feeds = read.feeds.length > 0 ? read.feeds : [{ ...emptyFeed, slug: 'all', title: read.site.title }];
  const isDefault = (feed: { slug: string; default: boolean }) =>
    feed.default || (!feeds.some((other) => other.default) && (feed.slug === 'all' || feeds.length === 1));
  return {
    file,
    savedAt: statSync(file).mtime,
    site: {
      title: read.site.title,
      url,
      language: read.site.language ?? null,
      author: { name: author?.name ?? read.site.title, email: author?.email ?? null, url: author?.url ?? null },
      description: read.site.description ?? null,
      footer: read.site.footer ?? null,
      stylesheet,
      accent: read.site.accent ?? null,
      images: read.site.images,
      timeZone: read.timeZone ?? null,
    },
    stylesheetFile: read.site.stylesheet === undefined ? null : resolve(folder, read.site.stylesheet),
    store: toStoreLocation(storeText, env['NEWSFOLD_STORE'] ? process.cwd() : folder),
    server: {
      ...read.server,
      host: env['NEWSFOLD_HOST'] || read.server.host,
      port: Number(env['NEWSFOLD_PORT'] || read.server.port),
    },
    schedule: read.schedule,
    timeZone: read.timeZone ?? null,
    fetch: { ...read.fetch, ...readProxy(read.fetch.proxy, env) },
    fold: { level: read.fold.level, windowMs: read.fold.window },
    alsoPublished: read.alsoPublished,
    titlePrefix: read.titlePrefix,
    updateNotes: read.updateNotes,
    content: read.content,
    websub: toWebSub(read.websub, url),
    onProblem: toOnProblem(read.onProblem),
    log: { level: read.log.level, format: read.log.format ?? null },
    sources: read.sources.map((source, index) =>
      toDeclaration(
        source,
        folder,
        ['feed', 'page', 'previous'].some((key) => touched.has(`sources[${index}].${key}`)),
      ),
    ),
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
      retired: feed.retired === true,
      endsAt: feed.retired instanceof Date ? feed.retired : null,
      content: feed.content ?? read.content,
    })),
    keep: { days: read.keep?.days ?? null, perSource: read.keep?.perSource ?? null },
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

function toWebSub(given: Options['websub'], siteUrl: string): WebSubConfig {
  const { hub, subscribe } = given ?? { hub: 'off', subscribe: false };
  if (hub === 'off') return { hub: null, isOwn: false, subscribe };
  return { hub: hub === 'own' ? `${siteUrl}/websub` : hub, isOwn: hub === 'own', subscribe };
}

function toOnProblem(given: Options['onProblem']): Config['onProblem'] {
  if (given === undefined) return null;
  return { command: given.command ?? null, webhook: given.webhook ?? null, everyMs: given.every };
}

/** The environment of the process, for programs that the owner has started by it. */
export function inheritEnvironment(): Env {
  return process.env;
}

/** The proxy of the file is for all requests; that of the environment leaves out what NO_PROXY names. */
export function readProxy(given?: string, env: Env = process.env): { readonly proxy: string | null; readonly noProxy: readonly string[] } {
  if (given !== undefined) return { proxy: given, noProxy: [] };
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'] || null;
  return { proxy, noProxy: (env['NO_PROXY'] || env['no_proxy'] || '').split(/[\s,]+/).filter((name) => name !== '') };
}

/** Whether an address has a name or a password in it (RFC 3986 §3.2.1): such a source is private. */
export function hasUserinfo(address: string): boolean {
  return /^https?:\/\/[^/?#]*@/i.test(address);
}

function toStoreLocation(text: string, folder: string): StoreLocation {
  if (/^postgres(ql)?:/.test(text)) return { kind: 'postgres', url: text };
  const path = text.replace(/^sqlite:/, '');
  return { kind: 'sqlite', path: isAbsolute(path) ? path : resolve(folder, path) };
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
    private: source.private || secret || (isRemote && [given, source.previous ?? ''].some(hasUserinfo)),
    request: {
      headers: source.headers,
      auth: source.auth ?? null,
      userAgent: source.userAgent ?? null,
      timeoutMs: source.timeout ?? null,
      maxBytes: source.maxBytes ?? null,
    },
    language: source.language ?? null,
    ...(source.files && { files: source.files }),
    ...(source.skip && { skip: source.skip }),
  };
}
