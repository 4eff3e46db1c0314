import { dirname, isAbsolute, resolve } from 'node:path';
import type { AlsoPublished, ContentChoice, Feed, Site } from '../model/feed.ts';
import type { SourceDeclaration } from '../model/source.ts';
import { hasUserinfo } from '../model/values/address.ts';
import type { Options } from './options.ts';

/** The configuration in the form that the program uses: durations in milliseconds, sizes in bytes,
 *  absolute paths. */
export interface AppConfig extends Pick<Options, 'server' | 'schedule' | 'titlePrefix' | 'updateNotes'> {
  readonly file: string;
  /** Time of the file's last change. */
  readonly savedAt: Date;
  readonly fetch: Omit<Options['fetch'], 'proxy'> & { readonly proxy: string | null; readonly noProxy: readonly string[] };
  readonly site: Site;
  /** Path of the file that `site.stylesheet` names; null when it names none. */
  readonly stylesheetFile: string | null;
  readonly store: StoreLocation;
  /** IANA name; null: the machine's zone. */
  readonly timeZone: string | null;
  readonly fold: { readonly level: Options['fold']['level']; readonly windowMs: number };
  readonly alsoPublished: AlsoPublished;
  readonly content: ContentChoice;
  readonly websub: WebSubConfig;
  /** Retention of entries; null: entries are kept for ever. */
  readonly keep: { readonly days: number | null; readonly perSource: number | null };
  /** Notification of the owner about problems; null: none. */
  readonly onProblem: { readonly command: string | null; readonly webhook: string | null; readonly everyMs: number } | null;
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' | null };
  readonly sources: readonly SourceDeclaration[];
  readonly feeds: readonly Feed[];
}

/** WebSub settings in both directions (W3C WebSub): our subscribers, and the hubs of our
 *  sources. */
interface WebSubConfig {
  /** Address of the hub that our feeds name: our own at `{site}/websub`, or another; null: no
   *  hub. */
  readonly hub: string | null;
  /** True when `hub` is our own. */
  readonly isOwn: boolean;
  /** True when sources that name a hub are subscribed to. */
  readonly subscribe: boolean;
}

/** Location of the database. */
type StoreLocation = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgres'; readonly url: string };

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Returns the configuration for the options of a file. Variables in `env` override the file.
 *  `fromVariables` holds the keys whose values came from variables, which makes them secrets.
 *  `stylesheet` is the text of the owner's CSS. */
export function toConfig(
  options: Options,
  {
    file,
    savedAt,
    env,
    fromVariables,
    stylesheet,
  }: {
    readonly file: string;
    readonly savedAt: Date;
    readonly env: Env;
    readonly fromVariables: { readonly has: (key: string) => boolean };
    readonly stylesheet: string | null;
  },
): AppConfig {
  const folder = dirname(file);
  const storeText = env['NEWSFOLD_STORE'] || options.store;
  const url = (env['NEWSFOLD_URL'] || options.site.url).replace(/\/+$/, '');
  const { author } = options.site;
  const feeds = options.feeds.length > 0 ? options.feeds : [{ ...emptyFeed, slug: 'all', title: options.site.title }];
  const isDefault = (feed: { slug: string; default: boolean }) =>
    feed.default || (!feeds.some((other) => other.default) && (feed.slug === 'all' || feeds.length === 1));
  return {
    file,
    savedAt,
    site: {
      title: options.site.title,
      url,
      language: options.site.language ?? null,
      author: { name: author?.name ?? options.site.title, email: author?.email ?? null, url: author?.url ?? null },
      description: options.site.description ?? null,
      footer: options.site.footer ?? null,
      stylesheet,
      accent: options.site.accent ?? null,
      images: options.site.images,
      timeZone: options.timeZone ?? null,
    },
    stylesheetFile: options.site.stylesheet === undefined ? null : resolve(folder, options.site.stylesheet),
    store: toStoreLocation(storeText, env['NEWSFOLD_STORE'] ? process.cwd() : folder),
    server: {
      ...options.server,
      host: env['NEWSFOLD_HOST'] || options.server.host,
      port: Number(env['NEWSFOLD_PORT'] || options.server.port),
    },
    schedule: options.schedule,
    timeZone: options.timeZone ?? null,
    fetch: { ...options.fetch, ...readProxy(options.fetch.proxy, env) },
    fold: { level: options.fold.level, windowMs: options.fold.window },
    alsoPublished: options.alsoPublished,
    titlePrefix: options.titlePrefix,
    updateNotes: options.updateNotes,
    content: options.content,
    websub: toWebSub(options.websub, url),
    onProblem: toOnProblem(options.onProblem),
    log: { level: options.log.level, format: options.log.format ?? null },
    sources: options.sources.map((source, index) =>
      toDeclaration(
        source,
        folder,
        ['feed', 'page', 'previous'].some((key) => fromVariables.has(`sources[${index}].${key}`)),
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
      content: feed.content ?? options.content,
    })),
    keep: { days: options.keep?.days ?? null, perSource: options.keep?.perSource ?? null },
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

function toOnProblem(given: Options['onProblem']): AppConfig['onProblem'] {
  if (given === undefined) return null;
  return { command: given.command ?? null, webhook: given.webhook ?? null, everyMs: given.every };
}

/** Returns the proxy of the file, which serves all requests. Without one, returns the proxy of the
 *  environment and the hosts that NO_PROXY excludes. */
export function readProxy(given: string | undefined, env: Env): { readonly proxy: string | null; readonly noProxy: readonly string[] } {
  if (given !== undefined) return { proxy: given, noProxy: [] };
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'] || null;
  return { proxy, noProxy: (env['NO_PROXY'] || env['no_proxy'] || '').split(/[\s,]+/).filter((name) => name !== '') };
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
    ...(source.shorter === 'replaces' && { shorter: source.shorter }),
    ...(source.files && { files: source.files }),
    ...(source.skip && { skip: source.skip }),
  };
}
