import type { Enclosure, ParsedItem } from '../../model/parsed.ts';
import { tokeniseText, htmlToText } from './text.ts';

/** Most pictures of one post that are shown. */
const MAX_PICTURES = 10;
/** Most characters of a tag; a longer tag is no frame. */
const MAX_TAG = 4000;

type Post = Pick<ParsedItem, 'title' | 'html' | 'summary' | 'enclosures' | 'image' | 'url'>;

/** Reports whether an item has no title, text or media, and no link. */
export function isNothing({ title, html, summary, enclosures, image, url }: Post): boolean {
  const isBlank = (text: string | null) => text === null || text.trim() === '';
  return isBlank(title) && isBlank(html) && isBlank(summary) && enclosures.length === 0 && image === null && url === null;
}

/** Returns HTML for a post that has neither title nor words. It shows pictures, film or sound, and
 *  links to files and frames; without any, it links to the post's page. Returns null when the post
 *  has words or shows a picture itself. */
export function toMediaHtml(post: Post): string | null {
  const sent = post.html ?? post.summary ?? '';
  if (post.title.trim() !== '' || htmlToText(sent).trim() !== '') return null;
  const tags = tokeniseText(sent).flatMap((token) => (token.kind === 'open' || token.kind === 'void' ? token : []));
  if (tags.some(({ name }) => ['img', 'picture', 'audio', 'video'].includes(name))) return null;
  const frames = tags.flatMap(({ name, start, end }) =>
    name === 'iframe' || name === 'embed' ? (readSource(sent.slice(start, Math.min(end, start + MAX_TAG))) ?? []) : [],
  );
  const files = post.enclosures.map((enclosure) => ({ ...enclosure, kind: toKind(enclosure) }));
  const pictures = files.filter(({ kind }) => kind === 'image').map(({ url }) => url);
  const shown = pictures.length === 0 && post.image !== null ? [post.image] : pictures;
  const player = files.find(({ kind }) => kind === 'video') ?? files.find(({ kind }) => kind === 'audio');
  const others = files.filter(({ kind }) => kind === 'file').map(({ url }) => url);
  const elements = [
    ...shown.slice(0, MAX_PICTURES).map((url) => `<p><img src="${escape(url)}" alt=""></p>`),
    ...(player === undefined ? [] : [`<p><${player.kind} controls src="${escape(player.url)}"></${player.kind}></p>`]),
    ...[...frames, ...others].map(toLink),
  ];
  if (elements.length > 0) return elements.join('\n');
  return post.url === null ? null : toLink(post.url);
}

function toKind({ url, type }: Enclosure): 'image' | 'video' | 'audio' | 'file' {
  const kind = /^(image|video|audio)\//i.exec(type ?? '')?.[1]?.toLowerCase();
  if (kind === 'image' || kind === 'video' || kind === 'audio') return kind;
  const ending = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif'].includes(ending)) return 'image';
  if (['mp4', 'm4v', 'webm', 'mov'].includes(ending)) return 'video';
  return ['mp3', 'm4a', 'ogg', 'opus', 'wav', 'flac'].includes(ending) ? 'audio' : 'file';
}

function readSource(tag: string): string | null {
  const [, quoted, apart, bare] = /\ssrc=(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag) ?? [];
  const source = htmlToText(quoted ?? apart ?? bare ?? '').trim();
  const address = source.startsWith('//') ? `https:${source}` : source;
  return /^https?:\/\/[^/]/i.test(address) ? address : null;
}

function toLink(url: string): string {
  return `<p><a href="${escape(url)}">${escape(url.replace(/^https?:\/\/(?:www\.)?/i, ''))}</a></p>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
