import type { Problem } from '../model/errors.ts';
import type { SourceBytes } from '../model/parsed.ts';
import type { RequestOptions } from '../model/source.ts';

/** One polite request for one document. */
export interface FetchRequest {
  /** As configured: http(s) URL. */
  readonly url: string;
  /** Validators of the last answer, sent back byte for byte (docs/polling.md A2, A3); null for
   *  none. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Whether a part of the document, what is new in it, would do (RFC 3229 `A-IM: feed`). Without
   *  an ETag the whole is asked for. */
  readonly acceptsDelta: boolean;
  /** What is wanted: it decides the Accept field. */
  readonly accept: 'feed' | 'page' | 'text';
  /** Asked before a redirect to another site is followed; null when all are (docs/polling.md A19).
   *  A problem ends the exchange. */
  readonly mayFollow: ((url: URL) => Promise<Problem | null>) | null;
  /** true: never to an address outside the public internet, whatever the owner allows. So are
   *  addresses asked that others have written. */
  readonly publicOnly: boolean;
  readonly options: RequestOptions;
}

/** A request that depends on no earlier answer: what asks for the first time, or for once, begins
 *  with this. */
export const unconditional = { etag: null, lastModified: null, acceptsDelta: false, mayFollow: null } as const;

/** Asked as the global settings have it. */
export const standardOptions: RequestOptions = { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: null };

/** What the headers of any answer said about asking again. */
export interface PollHints {
  /** HTTP status of the last hop; null when no answer came. */
  readonly status: number | null;
  /** Not to be asked again before this, by Retry-After (RFC 9110 §10.2.3); it holds for the
   *  host. */
  readonly retryAfter: Date | null;
  /** Fresh until this, by max-age, else Expires (RFC 9111 §4.2.1). */
  readonly freshUntil: Date | null;
  /** URL that answered last. */
  readonly finalUrl: string;
  /** Where permanent redirects (301, 308) alone lead to; null when there was none or a temporary
   *  one came first. */
  readonly movedTo: string | null;
}

/** What came of a request. `failed` never throws: it carries the problem. */
export type FetchResult =
  | {
      readonly kind: 'content';
      readonly content: SourceBytes;
      /** The Link fields, joined by commas (RFC 8288); null for none. */
      readonly link: string | null;
      /** true when the document holds only what is new since the ETag that was sent (226 IM Used,
       *  RFC 3229). */
      readonly isDelta: boolean;
      /** As sent, byte for byte; null when absent. */
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly hints: PollHints;
    }
  | {
      readonly kind: 'notModified';
      /** The Link fields; null for none. */
      readonly link: string | null;
      /** Validators of the 304; null when it carries none (the stored ones then stay). */
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly hints: PollHints;
    }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly gone: boolean; readonly hints: PollHints };

/** A file of a folder of articles. */
export interface LocalFile {
  /** Path below the folder, `/` between parts. */
  readonly location: string;
  readonly content: SourceBytes;
}

/** A folder of articles: what could be read, and what could not, by location. */
export type FolderResult =
  | {
      readonly kind: 'folder';
      readonly files: readonly LocalFile[];
      /** Locations of files that are no articles by their endings. */
      readonly others: readonly string[];
      readonly problems: readonly (Problem & { readonly entry: string })[];
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** The part of a folder that is wanted. */
export interface FolderFilter {
  /** Globs of the files that are read; none means all that are articles by their names. */
  readonly files?: readonly string[];
  /** Globs of files that are passed over. */
  readonly skip?: readonly string[];
  /** Locations of files that were published before: a name alone does not take them away. */
  readonly published?: readonly string[];
}

/** Reads files of this machine. Never rejects on what is or is not there. */
export interface FileReader {
  /** Paths that a glob (or a plain path) stands for, sorted; empty when nothing matches. */
  expand(pattern: string): Promise<readonly string[]>;
  /** One file, whole. */
  readDocument(
    path: string,
    maxBytes: number,
  ): Promise<{ readonly kind: 'content'; readonly content: SourceBytes } | { readonly kind: 'failed'; readonly problem: Problem }>;
  /** Every article below a folder, sorted by location. */
  readFolder(folder: string, maxBytes: number, wanted?: FolderFilter): Promise<FolderResult>;
}

/** Asks for pages as a crawler does: robots.txt is obeyed, on every hop (RFC 9309, docs/polling.md
 *  A19). What it may not ask for is `failed` with `page/robots`, or `page/robots-unknown` while
 *  that cannot be known; and with `page/no-time` when a Crawl-delay would take too long, or
 *  `isOver` says that nothing more is to be asked for. */
export interface Crawler {
  crawl(url: string, how: Pick<FetchRequest, 'options' | 'publicOnly'>, isOver: () => boolean): Promise<FetchResult>;
}

/** Reads documents over HTTP. */
export interface Fetcher {
  /** Sends one conditional GET, follows redirects, keeps the per-host limit. Never rejects on what
   *  a server does. */
  fetch(request: FetchRequest): Promise<FetchResult>;
  /** Ends idle connections; no request may be sent afterwards. */
  close(): Promise<void>;
}
