import type { AppConfig } from '../config/config.ts';
import { decodePercent } from '../ingest/http/request.ts';

/** Replaces a removed secret. */
const CUT = '…';
/** Shorter values are hardly secret, and occur in every other line by chance. */
const SHORTEST = 6;

/** Returns a function that removes secrets from a log line in JSON. It is the last of several
 *  fences: an error of a library may contain more than anybody foresaw. It removes the
 *  configured secrets and all that looks like one: userinfo and queries of addresses, HTTP
 *  credentials, paths of callbacks. */
export function createRedaction(config: Pick<AppConfig, 'server' | 'store' | 'sources' | 'feeds' | 'onProblem'>): (text: string) => string {
  const secrets = [...new Set(listSecrets(config).flatMap(toSpellings))]
    .filter((secret) => secret.length >= SHORTEST)
    // The longest come first, since one secret may be a part of another.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let cut = text;
    for (const secret of secrets) if (cut.includes(secret)) cut = cut.replaceAll(secret, CUT);
    // Most lines contain neither.
    if (cut.includes('://') || cut.includes('/websub/callback/')) cut = cutAddresses(cut);
    return CREDENTIALS.test(cut) ? cut.replace(new RegExp(CREDENTIALS, 'gi'), `$1 ${CUT}`) : cut;
  };
}

const CREDENTIALS = /\b(Bearer|Basic) +[\w.~+/=-]{6,}/i;

function cutAddresses(text: string): string {
  return (
    text
      // A password in a database address may contain any character; elsewhere it has no slash (RFC
      // 3986 §3.2.1).
      .replaceAll(/(postgres(?:ql)?:\/\/)[^\s"]*@/gi, `$1${CUT}@`)
      .replaceAll(/(https?:\/\/)[^\s"/?#@]*@/gi, `$1${CUT}@`)
      .replaceAll(/((?:https?|postgres(?:ql)?):\/\/[^\s"'<>?#\\]*)\?(?!…)[^\s"'<>\\),]*/gi, `$1?${CUT}`)
      .replaceAll(/(\/websub\/callback\/)[^\s"'/?…{]+/g, `$1${CUT}`)
  );
}

function listSecrets({ server, store, sources, feeds, onProblem }: Parameters<typeof createRedaction>[0]): string[] {
  const found = [server.token, onProblem?.webhook, onProblem?.command, ...feeds.map(({ token }) => token)];
  if (store.kind === 'postgres') found.push(store.url, /:\/\/[^:@/]*:(.*)@/s.exec(store.url)?.[1]);
  for (const { request, private: isPrivate, address, kind } of sources) {
    found.push(request.auth?.password, ...Object.values(request.headers));
    if (!isPrivate) continue;
    const url = kind === 'feed' || kind === 'page' ? URL.parse(address) : null;
    // The root path alone would remove every address of its host.
    found.push(address, ...(url && url.pathname !== '/' ? [url.origin + url.pathname, url.pathname] : []));
  }
  return found.filter((secret) => secret !== undefined && secret !== null);
}

/** Returns the spellings of a secret in JSON, in addresses and in Basic credentials. */
function toSpellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), decodePercent(secret)];
}
