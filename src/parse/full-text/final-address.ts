import type { WallKind } from './wall-phrases.ts';

/** Judges a page by its address after redirects. Returns the kind of wall that the request was
 *  redirected to, `home` for the front page of a site, or null. An address without a redirect
 *  proves nothing, except for a front page, which is never an article. */
export function classifyAddress(url: string, expectedUrl: string): WallKind | 'home' | null {
  if (!URL.canParse(url)) return null;
  const { hostname, pathname, search } = new URL(url);
  const expected = URL.canParse(expectedUrl) ? new URL(expectedUrl) : null;
  // The root with a query (`/?p=17`) is the page of one item.
  if (HOME.test(pathname) && !/[?&][\w-]+=/.test(search)) return 'home';
  if (expected === null) return null;
  if (CONSENT_HOST.test(hostname) && !CONSENT_HOST.test(expected.hostname)) return 'consent';
  if (LOGIN_HOST.test(hostname) && !LOGIN_HOST.test(expected.hostname)) return 'login';
  for (const [kind, pattern] of PATHS) if (pattern.test(pathname) && !pattern.test(expected.pathname)) return kind;
  return null;
}

const HOME = /^\/(?:(?:index|home|default|start)(?:\.\w+)?\/?|[a-z]{2}(?:[-_][a-z]{2})?\/?)?$/i;
const CONSENT_HOST = /^(?:consent|guce|cmp|privacy-?mgmt|cookiewall|cookie-?consent|myprivacy|privacy|cdn\.privacy-mgmt)\.|privacy-mgmt\./i;
const LOGIN_HOST = /^(?:login|signin|accounts?|auth|sso|id|passport|konto|secure|identity|oauth)\./i;

const PATHS: readonly (readonly [WallKind, RegExp])[] = [
  [
    'consent',
    /\/(?:consent|cookie-?wall|cookie-?consent|privacy-?(?:wall|gate|consent)|collectconsent|zustimmung|age-?(?:gate|verification|check))(?:[/.]|$)/i,
  ],
  [
    'login',
    /\/(?:log-?in|sign-?in|signon|sign-?up|auth(?:enticate|orize)?|sso|register|registration|registrierung|registrieren|anmelden|anmeldung|connexion|inscription|iniciar-sesion|registro|accedi|inloggen|logga-in|wp-login\.php)(?:[/.]|$)/i,
  ],
  [
    'paywall',
    /\/(?:subscribe|subscriptions?|subscribe-now|paywall|abo|abonnement|abonnieren|abonnez-vous|suscripcion(?:es)?|suscribete|abbonati|assine|premium-offer|plans|offers?)(?:[/.]|$)/i,
  ],
  ['bot-check', /\/(?:captcha|cdn-cgi\/challenge|sorry\/index|blocked|challenge)(?:[/.]|$)/i],
];

/** Reports whether a link leads to a page for subscribing, joining, registering or logging in. */
export function isSignUpAddress(href: string): boolean {
  return href.length < 2000 && OFFER.test(href) && !/newsletter|\.(?:rss|atom|xml)\b|\/feed\b/i.test(href);
}

const OFFER =
  /[/?=.#_-](?:subscri(?:be|ption)s?|abo|abos|abonn\w*|abonement|suscri\w+|suscripcion(?:es)?|abbona\w*|assin\w+|assinatura|prenum\w*|prenumerata|tilaa|tilaus|predplatne|elofizetes|abonelik|premium|members?(?:hip)?|join|paywall|plus|offers?|angebote?|checkout|pricing|plans|log-?in|log-?on|sign-?in|sign-?up|register|registr\w*|anmelden|konto|podpiska|subs)(?=[/?&#._-]|$)/i;
