/** The feeds of pages on a known site, derived from the address of a page. */
interface SitePattern {
  /** Matches the host without `www.`, the path and the query. */
  readonly page: RegExp;
  /** Addresses of feeds, best first; `$1` and so on are the groups of `page`. A path is resolved
   *  against the page's host. */
  readonly feeds: readonly string[];
}

/** Feeds that sites document or link on each page. Links found on the page itself come first. */
const PATTERNS: readonly SitePattern[] = [
  { page: /^youtube\.com\/channel\/(UC[\w-]{22})/, feeds: ['https://www.youtube.com/feeds/videos.xml?channel_id=$1'] },
  { page: /^youtube\.com\/(?:playlist|watch)\?(?:.*&)?list=([\w-]+)/, feeds: ['https://www.youtube.com/feeds/videos.xml?playlist_id=$1'] },
  { page: /^youtube\.com\/user\/([\w-]+)/, feeds: ['https://www.youtube.com/feeds/videos.xml?user=$1'] },
  { page: /^vimeo\.com\/(?!channels|groups|watch)([\w-]+)\/?(?:videos\/?)?$/, feeds: ['/$1/videos/rss'] },
  { page: /^(?:old\.|new\.)?reddit\.com\/((?:r|u|user)\/[\w-]+(?:\/(?:new|top|hot|comments|submitted))?)\/?$/, feeds: ['/$1/.rss'] },
  { page: /^(?:old\.|new\.)?reddit\.com\/(r\/\w+\/comments\/\w+)/, feeds: ['/$1/.rss'] },
  { page: /^github\.com\/([\w.-]+\/[\w.-]+)\/(?:releases|tags)\/?$/, feeds: ['/$1/releases.atom', '/$1/tags.atom'] },
  { page: /^github\.com\/([\w.-]+\/[\w.-]+)\/commits\/([^?#]+?)\/?$/, feeds: ['/$1/commits/$2.atom'] },
  { page: /^github\.com\/([\w.-]+\/[\w.-]+)\/commits\/?$/, feeds: ['/$1/commits.atom'] },
  { page: /^github\.com\/([\w.-]+\/[\w.-]+)\/(wiki|discussions)\/?$/, feeds: ['/$1/$2.atom'] },
  {
    page: /^github\.com\/(?!orgs\/|topics\/|explore|marketplace)([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/,
    feeds: ['/$1/releases.atom', '/$1/commits.atom'],
  },
  { page: /^github\.com\/([\w-]+)\/?$/, feeds: ['/$1.atom'] },
  { page: /^gitlab\.com\/([\w.-]+(?:\/[\w.-]+)+?)\/-\/releases\/?$/, feeds: ['/$1/-/releases.atom'] },
  { page: /^gitlab\.com\/([\w.-]+(?:\/[\w.-]+)+?)\/-\/tags\/?$/, feeds: ['/$1/-/tags?format=atom'] },
  { page: /^gitlab\.com\/([\w.-]+(?:\/[\w.-]+)+?)\/-\/commits\/([^?#]+?)\/?$/, feeds: ['/$1/-/commits/$2?format=atom'] },
  { page: /^gitlab\.com\/([\w.-]+(?:\/[\w.-]+)+?)\/?$/, feeds: ['/$1/-/releases.atom', '/$1/-/tags?format=atom', '/$1.atom'] },
  { page: /^codeberg\.org\/([\w.-]+\/[\w.-]+)\/?(?:releases\/?)?$/, feeds: ['/$1/releases.rss', '/$1.rss'] },
  { page: /^codeberg\.org\/([\w.-]+)\/?$/, feeds: ['/$1.rss'] },
  { page: /^medium\.com\/(@?[\w.-]+|tag\/[\w-]+)\/?$/, feeds: ['/feed/$1'] },
  { page: /^([\w-]+)\.medium\.com\//, feeds: ['/feed'] },
  { page: /^[\w-]+\.substack\.com\//, feeds: ['/feed'] },
  { page: /^[\w-]+\.wordpress\.com\/((?:category|tag|author)\/[^?#]+?)\/?$/, feeds: ['/$1/feed/'] },
  { page: /^[\w-]+\.wordpress\.com\//, feeds: ['/feed/'] },
  { page: /^[\w-]+\.blogspot\.[a-z.]+\//, feeds: ['/feeds/posts/default'] },
  { page: /^[\w-]+\.tumblr\.com\/(?:tagged\/([\w-]+))?/, feeds: ['/rss'] },
  { page: /^[\w-]+\.livejournal\.com\//, feeds: ['/data/atom'] },
  { page: /^bsky\.app\/profile\/([^/?#]+)\/?$/, feeds: ['/profile/$1/rss'] },
  { page: /^dev\.to\/([\w-]+)\/?$/, feeds: ['/feed/$1'] },
  { page: /^([\w-]+\.)?stackexchange\.com\/questions\/tagged\/([^/?#]+)/, feeds: ['/feeds/tag/$2'] },
  { page: /^(?:stackoverflow|superuser|serverfault|askubuntu)\.com\/questions\/tagged\/([^/?#]+)/, feeds: ['/feeds/tag/$1'] },
  { page: /^arxiv\.org\/list\/([\w.-]+)/, feeds: ['https://rss.arxiv.org/atom/$1'] },
  { page: /^pypi\.org\/project\/([\w.-]+)/, feeds: ['/rss/project/$1/releases.xml'] },
  { page: /^crates\.io\/crates\/([\w-]+)/, feeds: ['https://static.crates.io/rss/crates/$1.xml'] },
];

/** Feed addresses of self-hosted software. Other software may use such addresses too, so they are
 *  tried after the feeds that the page itself names. */
const SOFTWARE: readonly SitePattern[] = [
  // Mastodon and compatible servers: an account, and a tag.
  { page: /^[^/]+\/(@[\w.-]+)\/?$/, feeds: ['/$1.rss'] },
  { page: /^[^/]+\/users\/([\w.-]+)\/?$/, feeds: ['/users/$1.rss'] },
  { page: /^[^/]+\/tags\/([^/?#]+)\/?$/, feeds: ['/tags/$1.rss'] },
  // Lemmy: a community, and a user.
  { page: /^[^/]+\/(c|u)\/([\w.@-]+)\/?$/, feeds: ['/feeds/$1/$2.xml'] },
  // GitLab and Forgejo on another host.
  { page: /^[^/]+\/([\w.-]+\/[\w.-]+)\/-\/(?:releases|tags)\/?$/, feeds: ['/$1/-/releases.atom', '/$1/-/tags?format=atom'] },
  // Discourse.
  { page: /^[^/]+\/((?:c|t)\/[\w/-]+?)\/?$/, feeds: ['/$1.rss'] },
  { page: /^[^/]+\/latest\/?$/, feeds: ['/latest.rss'] },
];

/** Common paths of feeds below a folder of a site. Each costs a request, so the list is short. */
const PATHS = ['feed', 'rss.xml', 'atom.xml', 'feed.xml', 'index.xml', 'rss', 'feed.json'];

/** Returns the feeds of a page on a known site, best first; the empty list for other sites. */
export function toSiteFeeds(page: string): string[] {
  return fromPatterns(PATTERNS, page);
}

/** Returns the feeds that a page would have if widespread software served it. */
export function toSoftwareFeeds(page: string): string[] {
  return fromPatterns(SOFTWARE, page);
}

/** Returns the feed of the channel that a page of youtube.com names; null without one. The address
 *  of such a page may not contain the channel id. */
export function toChannelFeed(page: string, html: string): string | null {
  if (!/^https?:\/\/(?:www\.|m\.)?youtube\.com\//i.test(page)) return null;
  const found = /"(?:channelId|externalId|browseId)":"(UC[\w-]{22})"|itemprop="(?:channelId|identifier)" content="(UC[\w-]{22})"/.exec(
    html,
  );
  const id = found?.[1] ?? found?.[2];
  return id === undefined ? null : `https://www.youtube.com/feeds/videos.xml?channel_id=${id}`;
}

/** Returns common feed addresses: below the page's own folder (as for a WordPress category), then
 *  at the root of the site. */
export function toCommonPaths(page: string): string[] {
  const url = URL.parse(page);
  if (url === null) return [];
  const folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  const own = folder === '/' ? [] : [`${folder}feed/`];
  return [...own, ...PATHS.map((path) => `/${path}`)].flatMap((path) => toAddress(path, url));
}

function fromPatterns(patterns: readonly SitePattern[], page: string): string[] {
  const url = URL.parse(page);
  if (url === null || !/^https?:$/.test(url.protocol)) return [];
  const target = `${url.hostname.replace(/^(?:www|m)\./, '')}${url.pathname}${url.search}`;
  for (const { page: pattern, feeds } of patterns) {
    const found = pattern.exec(target);
    if (found)
      return feeds.flatMap((feed) =>
        toAddress(
          feed.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? ''),
          url,
        ),
      );
  }
  return [];
}

/** Returns the address of a path on the site of a page. Two slashes at its start are reduced to
 *  one, because they would name another site. */
function toAddress(path: string, page: URL): string[] {
  const found = URL.parse(path.replace(/^\/{2,}/, '/'), page);
  return found === null ? [] : [found.href];
}
