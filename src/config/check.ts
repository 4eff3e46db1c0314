import { valueAt } from './faults.ts';

type Path = readonly PropertyKey[];
type Node = Readonly<Record<string, unknown>>;

/** Checks that the caller passes in, so that src/config imports neither the cron nor the RE2
 *  library. Each returns null, or a text that says what is wrong. */
export interface ConfigChecks {
  readonly schedule: (expression: string) => string | null;
  readonly pattern: (pattern: string) => string | null;
}

/** Records a fault at a path of the file: `allowed` says which values are allowed, `reason` how
 *  this value breaks the rule. The loader drops `reason` when the value is a secret. */
type AddFault = (at: Path, allowed: string, reason?: string) => void;

/** Checks rules that span several keys: unique slugs and ids, one default feed, one address a
 *  source. Also checks patterns, time zones and the cron expression. Works on the raw file, so that
 *  a fault of the schema does not hide one of these. */
export function checkWhole(raw: unknown, checks: ConfigChecks, addFault: AddFault): void {
  const whole = toNode(raw);
  const feeds = toNodes(whole['feeds']);
  const sources = toNodes(whole['sources']);
  const schedule = typeof whole['schedule'] === 'string' ? checks.schedule(whole['schedule']) : null;
  if (schedule !== null) addFault(['schedule'], 'must be a cron expression such as */10 * * * *', schedule);
  if (typeof whole['timeZone'] === 'string' && !isTimeZone(whole['timeZone']))
    addFault(['timeZone'], 'must be an IANA zone such as Europe/Berlin');
  sources.forEach((source, index) => {
    // The schema reports a text that stands where a source should be.
    if (Object.keys(source).length > 0 || typeof valueAt(raw, ['sources', index]) !== 'string')
      checkSource(source, ['sources', index], addFault);
  });
  findRepeated(feeds, 'slug').forEach((index) =>
    addFault(['feeds', index, 'slug'], 'is the slug of an earlier feed: give each feed its own'),
  );
  for (const kind of ['feed', 'page'] as const)
    findRepeatedAddresses(sources, kind).forEach((index) =>
      addFault(['sources', index, kind], 'is the address of an earlier source: list it once, with the tags of both entries'),
    );
  const addresses = new Set(sources.flatMap(({ feed, page }) => [feed, page]));
  sources.forEach(({ previous }, index) => {
    if (previous !== undefined && addresses.has(previous))
      addFault(
        ['sources', index, 'previous'],
        'is the address of a source that is still listed: remove that source, because this one continues it',
      );
  });
  findRepeated(sources, 'id').forEach((index) =>
    addFault(['sources', index, 'id'], 'is the id of an earlier source: give each source its own'),
  );
  feeds.forEach((feed, index) => checkPatterns(feed, ['feeds', index], checks, addFault));
  const defaults = feeds.filter((feed) => feed['default'] === true);
  if (defaults.length > 1) addFault(['feeds'], `only one feed can be the default, but ${defaults.length} have "default: true"`);
  if (feeds.length > 1 && defaults.length === 0 && !feeds.some((feed) => feed['slug'] === 'all')) {
    addFault(['feeds'], 'no feed is the default: give one "default: true" or the slug "all"');
  }
}

/** Checks the environment variables that override the file (docs/design.md §92) by the rules of the
 *  keys that they override. An empty variable counts as unset. */
export function checkVariables(
  env: Readonly<Record<string, string | undefined>>,
  isUrl: (text: string) => boolean,
  addFault: (name: string, allowed: string) => void,
): void {
  const { NEWSFOLD_STORE: store, NEWSFOLD_URL: url, NEWSFOLD_PORT: port } = env;
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'];
  if (store && /^(?!sqlite:|postgres(ql)?:\/\/.)[a-z][a-z0-9+.-]*:/i.test(store))
    addFault('NEWSFOLD_STORE', 'must be sqlite:PATH, a path, or postgres://USER@HOST/DATABASE');
  if (url && !isUrl(url)) addFault('NEWSFOLD_URL', 'must be an http:// or https:// address');
  if (proxy && !isUrl(proxy)) addFault('HTTPS_PROXY', 'must be an http:// or https:// address');
  if (port && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) addFault('NEWSFOLD_PORT', 'must be a port from 0 to 65535');
}

const OVERRIDES: Readonly<Record<string, string>> = {
  store: 'NEWSFOLD_STORE',
  'site.url': 'NEWSFOLD_URL',
  'server.host': 'NEWSFOLD_HOST',
  'server.port': 'NEWSFOLD_PORT',
};

/** Reports whether a value counts as absent when its variable is unset, such as `server.token` of
 *  the sample. Only a value that consists of one variable may be absent. The keys `sources`,
 *  `feeds` and `store` are excluded: without its password or rule, a source or feed would be a
 *  different one. */
export function mayBeUnset(text: string, at: Path, env: Readonly<Record<string, string | undefined>>): boolean {
  // An environment variable overrides this key (docs/design.md §92), so its own variables are not
  // needed.
  if (env[OVERRIDES[at.join('.')] ?? '']) return true;
  return /^\$\{[^}]*\}$/.test(text) && at[0] !== 'sources' && at[0] !== 'feeds' && at[0] !== 'store';
}

function checkSource(source: Node, at: Path, addFault: AddFault): void {
  const given = ['feed', 'file', 'articles', 'page'].filter((kind) => kind in source);
  for (const key of ['files', 'skip'])
    if (key in source && !('articles' in source)) addFault([...at, key], 'is allowed only beside `articles:`: remove it here');
  if (given.length === 1) return;
  const found = given.length === 0 ? 'has none of them' : `has ${given.join(' and ')}`;
  addFault(at, `a source needs exactly one of feed, file, articles, page; this one ${found}`);
}

function checkPatterns(feed: Node, at: Path, checks: ConfigChecks, addFault: AddFault): void {
  for (const side of ['include', 'exclude']) {
    toNodes(feed[side]).forEach((match, index) => {
      for (const [field, pattern] of Object.entries(match)) {
        const wrong = typeof pattern === 'string' ? checks.pattern(pattern) : null;
        if (wrong !== null)
          addFault([...at, side, index, field], 'is not a valid pattern: write a word, a phrase, or /pattern/ in RE2 syntax', wrong);
      }
    });
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

function findRepeated(nodes: readonly Node[], key: string): number[] {
  const names = nodes.map((node) => node[key]);
  return names.flatMap((name, index) => (name !== undefined && names.indexOf(name) < index ? [index] : []));
}

/** One address may serve different feeds to different users, so headers and `auth` are part of the
 *  comparison. */
function findRepeatedAddresses(sources: readonly Node[], kind: 'feed' | 'page'): number[] {
  const asked = sources.map(({ [kind]: address, headers, auth }) => ({
    address: address === undefined ? undefined : JSON.stringify([address, headers, auth]),
  }));
  return findRepeated(asked, 'address');
}

function toNode(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function toNodes(value: unknown): Node[] {
  return Array.isArray(value) ? value.map(toNode) : [];
}
