/** Headers that let scripts of other sites read public answers, redirects and refusals included
 *  (Fetch Standard, CORS protocol). */
export const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Last-Modified, IM, Delta-Base, Retry-After, Link',
  'cross-origin-resource-policy': 'cross-origin',
};

/** Headers that answer a preflight request. */
export const PREFLIGHT = {
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'If-None-Match, If-Modified-Since, A-IM',
  'access-control-max-age': '86400',
};
