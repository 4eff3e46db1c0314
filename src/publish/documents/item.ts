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

/** A story in the form that every format writes: plain text or sanitised HTML, as each field
 *  says. */
export interface PublishedItem {
  readonly id: string;
  /** Plain text, never empty. */
  readonly title: string;
  /** The lead's own address; without one, the page of the story. */
  readonly url: string;
  /** HTML; null when there is only a summary. */
  readonly content: string | null;
  /** HTML; null when there is none. */
  readonly summary: string | null;
  /** The beginning of the text as HTML, for formats that need it besides the content. */
  readonly excerpt: string;
  readonly published: Date | null;
  /** The one time of the story, by which lists sort it (docs/design.md §33). */
  readonly datedAt: Date;
  readonly updated: Date;
  readonly authors: readonly Person[];
  readonly categories: readonly string[];
  readonly enclosures: readonly Enclosure[];
  readonly image: string | null;
  readonly language: string | null;
  readonly rights: string | null;
  readonly source: ItemSource;
  /** All other copies of the story. */
  readonly related: readonly StoryCopy[];
}

/** The feed that the lead came from (RFC 4287 §4.2.11). */
interface ItemSource {
  readonly id: string;
  readonly title: string;
  /** Address of the feed; null when it has none that may be printed. */
  readonly feedUrl: string | null;
  readonly homePage: string | null;
  /** The time of the lead's version: the latest change of the source known to this document. */
  readonly updated: Date;
}

/** Settings for writing items. */
export interface ItemOptions {
  /** Without a slash at the end. */
  readonly siteUrl: string;
  readonly content: ContentChoice;
  readonly alsoPublished: AlsoPublished;
  readonly titlePrefix: boolean;
  /** true: the text of a revised story ends with a short list of its updates. */
  readonly updateNotes: boolean;
}

/** Longest title, in characters. */
const TITLE_LENGTH = 1000;
const NAME_LENGTH = 200;
/** Most authors, terms, files and copies of an item; some feeds name a whole institute as
 *  authors. */
const MOST_NAMED = 200;
/** Longest address of a file, in characters; no server accepts a longer one. */
const ADDRESS_LENGTH = 8000;

/** Returns a story as an item: the words of its lead and the addresses of all members. With
 *  `content: fullest` another member may lend its words. */
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
  // A post that is only a picture has no text to begin with.
  const isSummary = options.content === 'summary' && revision.text !== '';
  const content = isSummary ? null : toHtml(revision.html, base, (html) => boundText(html, url));
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

/** Returns the member with the longest text. Only a member of at least the lead's priority may lend
 *  its text (docs/design.md §82). Otherwise any source could speak under another's name. */
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
  // A source may use anything as its id. If Atom does not allow it, the source's address on our
  // page of sources is the id.
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

/** Cleaning a long text takes a fraction of a second, and several feeds may contain it. */
const cleanOnce = createLargeTexts();

/** Returns HTML that is safe to show, cut to the bound of a document; null when nothing remains. */
function toHtml(html: string | null, base: string | null, bound: (html: string) => string): string | null {
  return html === null ? null : bound(cleanOnce(html, String(base), () => sanitise(html, base))) || null;
}

/** Returns the authors that the source names, else the source itself. Without an author an Atom
 *  entry would inherit the feed's, who never wrote it (RFC 4287 §4.1.2). Mail addresses are not
 *  published. */
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

/** Returns the name of the feed that an entry comes from. An entry copied from another feed has
 *  that feed's title; else the owner's or the source's own title counts. */
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
  const copies = story.members.flatMap((member): StoryCopy[] => {
    const { url } = member.entry;
    const address = toWebUrl(url);
    return member === story.lead || member.source.private || address === null || url === story.lead.entry.url
      ? []
      : [{ title: toLine(member.source.title, NAME_LENGTH) || member.source.id, url: address }];
  });
  return copies.filter((copy, index) => copies.findIndex((other) => other.url === copy.url) === index);
}

function toFooter(copies: readonly StoryCopy[]): string {
  if (copies.length === 0) return '';
  const links = copies.map((copy) => `<a href="${escapeXml(copy.url)}">${escapeXml(copy.title)}</a>`);
  return `\n<p class="${ALSO_CLASS}">Also published by ${links.join(', ')}</p>`;
}
