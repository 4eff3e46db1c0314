import type { Hono } from 'hono';
import type { RenderContext } from '../../../../src/feeds/render-documents.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import { escapeXml } from '../../../../src/publish/html/xml-text.ts';
import type { ServerContext } from '../../../../src/serve/server-context.ts';
import { nameKey } from '../../../../src/store/sql/names.ts';
import { openSite } from './reading/site.ts';

/** A word that no article has: a search for a secret must be answered like a search for it. */
const CONTROL = 'qzxvkjwordthatnobodywrote';
/** Characters of a story's key (docs/design.md §62). */
const KEY_LENGTH = 12;

/** An answer to a stranger. */
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: string;
  /** The Link header, which says that a list goes on; empty for none. */
  readonly link: string;
}

/** Looks for secrets in everything that strangers can read. A secret is a word or an address that
 *  stands only in held-back or private articles, or that of a private source. Every route of the
 *  server is asked without a token. A search for a secret must be answered like a search for
 *  nothing. Metrics, alerts and the files of `newsfold build` are read too. `said` replaces parts
 *  of the server. Returns each leak in words. */
export async function findLeaks(
  rendering: RenderContext & { readonly store: Store },
  secrets: readonly string[],
  said: Partial<ServerContext> = {},
): Promise<string[]> {
  const { app, others } = openSite(rendering, said);
  const found: string[] = [];
  const forms = secrets.map((secret) => ({ secret, texts: formsOf(secret) }));
  const inspect = (name: string, text: string, allowed: string | null = null) => {
    const folded = text.toLowerCase();
    for (const { secret, texts } of forms)
      if (secret !== allowed && texts.some((form) => hasWord(folded, form))) found.push(`${name} has “${secret}”`);
  };
  const ask = async (method: string, url: string, allowed: string | null = null) => {
    const answer = await request(app, method, url);
    inspect(`the answer to ${method} ${url}`, `${answer.headers}\n${answer.body}`, allowed);
    return answer;
  };
  const values = await readParameters(rendering);
  for (const [path, method] of readRoutes(app)) {
    const [, name] = /:(\w+)/.exec(path) ?? [];
    if (name === undefined) {
      found.push(...(await askLists(path, ask, values.choices, secrets)));
      if (method !== 'GET') await ask(method, path);
      continue;
    }
    const given = values.byName[name]?.(path);
    if (!given) found.push(`the route ${path} has a parameter that nobody asks for`);
    for (const value of given ?? []) await ask(method, path.replace(/:\w+(?:\{.*\})?/, value));
  }
  for await (const [name, text] of others()) inspect(name, text);
  return found;
}

/** Asks for an address with every choice of stories that it takes. */
async function askLists(
  path: string,
  ask: (method: string, url: string, allowed?: string) => Promise<Answer>,
  choices: readonly string[],
  secrets: readonly string[],
): Promise<string[]> {
  const plain = await ask('GET', path);
  const none = await ask('GET', `${path}?q=${CONTROL}`);
  // A document refuses a search; an address that is no list knows none.
  if (none.status !== 200 || plain.body === none.body) return [];
  for (const choice of choices) await ask('GET', `${path}?${choice}`);
  for (let page = 2; (await ask('GET', `${path}?page=${page}`)).status === 200;) page++;
  const found: string[] = [];
  // Only a single word is sought as it is.
  for (const secret of secrets.filter((word) => /^[\p{L}\p{N}]+$/u.test(word))) {
    const answer = await ask('GET', `${path}?q=${encodeURIComponent(secret)}`, secret);
    if (withoutEcho(answer, secret) !== withoutEcho(none, CONTROL)) found.push(`a search at ${path} for “${secret}” finds something`);
  }
  return found;
}

/** Returns what a searcher learns from an answer, without the words that were searched for. */
function withoutEcho({ status, link, body }: Answer, word: string): string {
  return `${status} ${link} ${body}`.replaceAll(word, '…').replaceAll(encodeURIComponent(word), '…');
}

async function request(app: Hono, method: string, url: string): Promise<Answer> {
  const response = await app.request(url, { method });
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return { status: response.status, headers, link: response.headers.get('link') ?? '', body: await response.text() };
}

/** Returns the paths that the server answers, each with the method that gives most. */
function readRoutes(app: Hono): ReadonlyMap<string, string> {
  const routes = new Map<string, string>();
  for (const { path, method } of app.routes) {
    // A route for everything else: any address below it will do.
    const asked = path.replace(/\*$/, 'nothing-here');
    if (method !== 'OPTIONS' && routes.get(asked) !== 'GET') routes.set(asked, method === 'ALL' ? (routes.get(asked) ?? 'GET') : method);
  }
  return routes;
}

/** Reports whether a text has a word, not only its letters: a key of a story has any letters. */
function hasWord(text: string, word: string): boolean {
  const isLetter = (at: number) => /[a-z\d]/.test(text.charAt(at));
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!isLetter(at - 1) && !isLetter(at + word.length)) return true;
  return false;
}

/** Returns the texts in which a secret would stand in a document, a page or an address. */
function formsOf(secret: string): readonly string[] {
  const forms = [secret, escapeXml(secret), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [...new Set(forms.map((form) => form.toLowerCase()))];
}

/** Values for the parameters of routes. */
interface Parameters {
  /** By the name of a parameter, its values on a path. */
  readonly byName: Readonly<Record<string, (path: string) => readonly string[]>>;
  /** Queries that choose stories by source or tag. */
  readonly choices: readonly string[];
}

/** Reads the keys of all stories and entries, also of withdrawn and private ones, the archives of
 *  each feed, and the sources and tags. */
async function readParameters({ store, feeds }: RenderContext): Promise<Parameters> {
  const keys = new Set(['nothing-here']);
  for (const story of await store.readStories({ order: 'published', offset: 0, limit: 10_000 }))
    for (const key of [story.key, ...story.members.map(({ entry }) => entry.key)]) keys.add(key);
  const archives = new Map<string, readonly string[]>();
  for (const { slug } of feeds) {
    for (const { id } of await store.readHistory(slug, { after: -1, upTo: null })) keys.add(nameKey(id).slice(0, KEY_LENGTH));
    const chain = (await store.readFeed(slug))?.chain ?? 0;
    const numbers = new Set([...(await store.readMadeArchives(slug)), ...(await store.listArchives(slug, chain))]);
    archives.set(
      slug,
      [...numbers].map((n) => `${n}.atom`),
    );
  }
  const tags = await store.readSourceTags();
  return {
    byName: {
      key: () => [...keys],
      file: (path) => archives.get(path.split('/')[2] ?? '') ?? [],
      path: () => ['nothing-here'],
    },
    choices: [...[...tags.keys()].map((id) => `source=${id}`), ...new Set([...tags.values()].flat().map((tag) => `tag=${tag}`))],
  };
}
