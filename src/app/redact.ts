import type { AppConfig } from '../config/config.ts';
import { decodePercent } from '../ingest/http/request.ts';

/** Stands for what was left out. */
const CUT = '…';
/** Shorter ones are no secrets to speak of, and stand in every other line. */
const SHORTEST = 6;

/** A function that leaves out of a line of the log, which is JSON, what must not stand there,
 *  whatever wrote it: the last of several fences, since what fails may say more in its errors than
 *  anybody has thought of. Left out are the secrets of the configuration, and what looks like one:
 *  userinfo and queries of addresses, credentials of HTTP, paths of callbacks. */
export function createRedaction(config: Pick<AppConfig, 'server' | 'store' | 'sources' | 'feeds' | 'onProblem'>): (text: string) => string {
  const secrets = [...new Set(listSecrets(config).flatMap(toSpellings))]
    .filter((secret) => secret.length >= SHORTEST)
    // One may be a part of another.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let cut = text;
    for (const secret of secrets) if (cut.includes(secret)) cut = cut.replaceAll(secret, CUT);
    // Most lines have neither.
    if (cut.includes('://') || cut.includes('/websub/callback/')) cut = cutAddresses(cut);
    return CREDENTIALS.test(cut) ? cut.replace(new RegExp(CREDENTIALS, 'gi'), `$1 ${CUT}`) : cut;
  };
}

const CREDENTIALS = /\b(Bearer|Basic) +[\w.~+/=-]{6,}/i;

function cutAddresses(text: string): string {
  return (
    text
      // A password in the address of a database may hold any character, in others no slash (RFC
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
    // A path that is nothing would leave out every address of its host.
    found.push(address, ...(url && url.pathname !== '/' ? [url.origin + url.pathname, url.pathname] : []));
  }
  return found.filter((secret) => secret !== undefined && secret !== null);
}

/** A secret as it stands in JSON, in addresses, and in Basic credentials. */
function toSpellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), decodePercent(secret)];
}
