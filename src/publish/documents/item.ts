import type { Revision } from '../../model/entry.ts';
import type { AlsoPublished, ContentChoice } from '../../model/feed.ts';
import type { Enclosure, Person } from '../../model/parsed.ts';
import type { Member, StoryCopy, Story } from '../../model/story.ts';
import { createLargeTexts } from '../html/large-texts.ts';
import { toMediaTitle } from './media-title.ts';
import { ALSO_CLASS, sanitise } from '../html/sanitise.ts';
import { SUMMARY_LENGTH } from '../html/story-text.ts';
import { guessMediaType, toLanguageTag, toMediaType, toWebUrl } from '../selection/terms.ts';
import { boundSummary, boundText } from '../html/text-budget.ts';
import { toUpdateNotes } from './update-notes.ts';
import { cut, escapeXml, isAbsoluteIri, toLine } from '../html/xml-text.ts';

/** A story as every format writes it: plain text where a format wants text, sanitised HTML where it
 *  wants HTML. */
export interface PublishedItem {
  readonly id: string;
  /** Plain text, never empty. */
  readonly title: string;
  /** The lead's own address, else the story's page. */
  readonly url: string;
  /** HTML; null when there is only a summary. */
  readonly content: string | null;
  /** HTML; null when there is none. */
  readonly summary: string | null;
  /** The beginning of the text as HTML; for formats that want one beside the content. */
  readonly excerpt: string;
  readonly published: Date | null;
  /** The time by which it stands (model/shown-time.ts). */
  readonly datedAt: Date;
  readonly updated: Date;
  readonly authors: readonly Person[];
  readonly categories: readonly string[];
  readonly enclosures: readonly Enclosure[];
  readonly image: string | null;
  readonly language: string | null;
  readonly rights: string | null;
  readonly source: ItemSource;
  /** Every other place where the story stands. */
  readonly related: readonly StoryCopy[];
}

/** The feed that the lead came from (RFC 4287 §4.2.11). */
interface ItemSource {
  readonly id: string;
  readonly title: string;
  /** Address of the feed; null when it has none that may be printed. */
  readonly feedUrl: string | null;
  readonly homePage: string | null;
  /** When the lead's version was made there: the latest change of the source that this document
   *  knows of. */
  readonly updated: Date;
}

/** How items are to be written. */
export interface ItemOptions {
  /** Without a slash at the end. */
  readonly siteUrl: string;
  readonly content: ContentChoice;
  readonly alsoPublished: AlsoPublished;
  readonly titlePrefix: boolean;
  /** true: a revised story ends with a short list of its updates. */
  readonly updateNotes: boolean;
}

/** Longest title, and name or term, characters. */
const TITLE_LENGTH = 1000;
const NAME_LENGTH = 200;
/** Authors, terms, files and other places that are named: some feeds sign with a whole
 *  institute. */
const MOST_NAMED = 200;
/** Longest address of a file, characters; no server takes a longer one. */
const ADDRESS_LENGTH = 8000;

/** A story as it is published: its lead's words (or the fullest of those allowed to speak),
 *  everybody's addresses. */
export function toPublishedItem(story: Story, options: ItemOptions): PublishedItem {
  const { lead } = story;
  const speaker = options.content === 'fullest' ? fullest(story) : lead;
  const { revision } = speaker.entry;
  const page = `${options.siteUrl}/stories/${story.key}/`;
  const notes = options.updateNotes ? toUpdateNotes(story.revisions) : '';
  const also = notes + (options.alsoPublished === 'footer' ? toFooter(story.footer) : '');
  const base = speaker.entry.url;
  const url = toWebUrl(lead.entry.url) ?? page;
  const summary = toHtml(revision.summary, base, boundSummary);
  // A post of a picture alone has no beginning of a text.
  const isShort = options.content === 'summary' && revision.text !== '';
  const content = isShort ? null : toHtml(revision.html, base, (html) => boundText(html, url));
  const excerpt = escapeXml(cut(revision.text, SUMMARY_LENGTH));
  const short = content === null ? (summary ?? `<p>${excerpt}</p>`) : summary;
  return {
    id: story.id,
    title: toTitle(story, options),
    url,
    content: content === null ? null : content + also,
    summary: content === null ? short + also : summary,
    excerpt,
    published: story.published,
    datedAt: story.datedAt,
    updated: story.updated,
    authors: toAuthors(lead),
    categories: toTerms(lead.entry.revision.categories),
    enclosures: lead.entry.revision.enclosures.slice(0, MOST_NAMED).flatMap(toEnclosure),
    image: toWebUrl(lead.entry.revision.image),
    language: toLanguageTag(lead.entry.language),
    rights: toLine(lead.entry.revision.rights ?? '', SUMMARY_LENGTH) || null,
    source: toSource(story, options.siteUrl),
    related: options.alsoPublished === 'none' ? [] : toRelated(story),
  };
}

/** Only a member of at least the lead's priority may lend its text: else any source could speak
 *  under another's name (docs/design.md §82). */
function fullest(story: Story): Member {
  const allowed = story.members.filter((member) => member.source.priority >= story.lead.source.priority);
  return allowed.reduce(
    (best, member) => (member.entry.revision.text.length > best.entry.revision.text.length ? member : best),
    story.lead,
  );
}

function toTitle({ lead: { entry, source }, published }: Story, options: ItemOptions): string {
  const { title: given, text, html } = entry.revision;
  const title =
    toLine(given, TITLE_LENGTH) ||
    toLine(text, 80) ||
    toLine(toMediaTitle(toHtml(html, entry.url, boundSummary), published) ?? '', 80) ||
    '(untitled)';
  return options.titlePrefix ? `${toLine(source.title, NAME_LENGTH)}: ${title}` : title;
}

function toSource(story: Story, siteUrl: string): ItemSource {
  const { entry, source } = story.lead;
  const { origin } = entry;
  // What a source calls its id may be anything; where it is none that Atom allows, its place among
  // our sources is one.
  const named = (source.private ? [] : [origin?.id, origin?.url, source.feedId, source.feedUrl]).find(
    (name) => name !== undefined && name !== null && isAbsoluteIri(name) && /^[\x21-\x7e]+$/.test(name),
  );
  const id = named ?? `${siteUrl}/sources/#${source.id}`;
  const updated = newestOf(entry.revision) ?? story.updated;
  return {
    id,
    title: toSourceName(story.lead),
    feedUrl: source.private ? null : toWebUrl(origin ? origin.url : source.feedUrl),
    homePage: origin || source.private ? null : toWebUrl(source.homePage),
    updated,
  };
}

/** Cleaning a long text takes a part of a second, and several feeds may have it. */
const large = createLargeTexts();

/** HTML as it may be shown, no longer than a document has room for; null when nothing is left of
 *  it. */
function toHtml(html: string | null, base: string | null, bound: (html: string) => string): string | null {
  return html === null ? null : bound(large(html, String(base), () => sanitise(html, base))) || null;
}

/** Who wrote it, as far as the source says: else the source itself, since the feed's author never
 *  wrote it (RFC 4287 §4.1.2). Addresses of mail are not published. */
function toAuthors(member: Member): Person[] {
  const named = member.entry.revision.authors.slice(0, MOST_NAMED).flatMap(({ name, url }): Person[] => {
    const bare = toLine(name, NAME_LENGTH);
    const known = bare
      .replace(/\(?<?(mailto:)?[^\s@<>()]+@[^\s@<>()]+>?\)?/g, ' ')
      .replace(/[()<>]/g, (bracket) => (bare.includes('@') ? ' ' : bracket));
    const shown = known.replace(/\s+/g, ' ').trim() || bare.replace(/^mailto:/i, '').replace(/@.*$/, '');
    return shown === '' ? [] : [{ name: shown, url: toWebUrl(url), email: null }];
  });
  return named.length > 0 ? named : [{ name: toSourceName(member), url: null, email: null }];
}

/** What the feed that an entry comes from is called: by whom it was copied from there, else by its
 *  owner or itself. */
function toSourceName({ entry, source }: Member): string {
  return toLine(entry.origin?.title ?? '', NAME_LENGTH) || toLine(source.title, NAME_LENGTH) || source.id;
}

function toTerms(categories: readonly string[]): string[] {
  const terms = categories.slice(0, MOST_NAMED).map((category) => toLine(category, NAME_LENGTH));
  return [...new Set(terms)].filter((category) => category !== '');
}

function toEnclosure({ url, type, length }: Enclosure): Enclosure[] {
  const address = toWebUrl(url);
  return address === null || address.length > ADDRESS_LENGTH
    ? []
    : [{ url: address, type: toMediaType(type) ?? guessMediaType(address), length }];
}

function newestOf(revision: Revision): Date | null {
  return revision.updated ?? revision.published;
}

function toRelated(story: Story): StoryCopy[] {
  const places = story.members.flatMap((member): StoryCopy[] => {
    const { url } = member.entry;
    const address = toWebUrl(url);
    return member === story.lead || member.source.private || address === null || url === story.lead.entry.url
      ? []
      : [{ title: toLine(member.source.title, NAME_LENGTH) || member.source.id, url: address }];
  });
  return places.filter((place, index) => places.findIndex((other) => other.url === place.url) === index);
}

function toFooter(places: readonly StoryCopy[]): string {
  if (places.length === 0) return '';
  const links = places.map((place) => `<a href="${escapeXml(place.url)}">${escapeXml(place.title)}</a>`);
  return `\n<p class="${ALSO_CLASS}">Also published by ${links.join(', ')}</p>`;
}
