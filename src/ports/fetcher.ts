import type { Problem } from '../model/errors.ts';
import type { SourceBytes } from '../model/parsed.ts';
import type { RequestOptions } from '../model/source.ts';

/** One polite request for one document. */
export interface FetchRequest {
  /** http(s) URL as configured. */
  readonly url: string;
  /** Validators of the last answer, sent back byte for byte (docs/polling.md A2, A3). null:
   *  none. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** true: the server may answer with the new entries alone (RFC 3229 `A-IM: feed`). Has no
   *  effect without an ETag. */
  readonly acceptsDelta: boolean;
  /** Kind of document that is expected; it decides the Accept field. */
  readonly accept: 'feed' | 'page' | 'text';
  /** Called before a redirect to another site is followed; a problem ends the exchange
   *  (docs/polling.md A19). null: every redirect is followed. */
  readonly mayFollow: ((url: URL) => Promise<Problem | null>) | null;
  /** true: only addresses of the public internet are requested, whatever the configuration
   *  allows. Use it for URLs that were written by strangers. */
  readonly publicOnly: boolean;
  readonly options: RequestOptions;
}

/** Fields of a request that does not depend on an earlier answer, for instance a first or a
 *  single one. */
export const unconditional = { etag: null, lastModified: null, acceptsDelta: false, mayFollow: null } as const;

/** Request options that leave everything to the global settings. */
export const standardOptions: RequestOptions = { headers: {}, auth: null, userAgent: null, timeoutMs: null, maxBytes: null };

/** The hints in the headers of any answer about the time of the next request. */
export interface PollHints {
  /** HTTP status of the last hop; null when no answer came. */
  readonly status: number | null;
  /** No request before this time to this host (Retry-After, RFC 9110 §10.2.3). null: none given. */
  readonly retryAfter: Date | null;
  /** The answer is fresh until this time: max-age, else Expires (RFC 9111 §4.2.1). null:
   *  unknown. */
  readonly freshUntil: Date | null;
  /** URL of the last hop. */
  readonly finalUrl: string;
  /** Target of the permanent redirects (301, 308) at the start of the chain; null when the chain
   *  has none, or begins with a temporary one. */
  readonly movedTo: string | null;
}

/** The outcome of a request. A failure is a value (`failed`), not an exception. */
export type FetchResult =
  | {
      readonly kind: 'content';
      readonly content: SourceBytes;
      /** The Link fields, joined by commas (RFC 8288); null for none. */
      readonly link: string | null;
      /** true when the document holds only what is new since the ETag that was sent (226 IM Used,
       *  RFC 3229). */
      readonly isDelta: boolean;
      /** Validators byte for byte as the server sent them; null when absent. */
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly hints: PollHints;
    }
  | {
      readonly kind: 'notModified';
      /** The Link fields; null for none. */
      readonly link: string | null;
      /** Validators of the 304. null: it carries none, and the stored ones stay. */
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly hints: PollHints;
    }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly gone: boolean; readonly hints: PollHints };

/** A file in a folder of articles. */
export interface LocalFile {
  /** Path below the folder, with `/` as separator. */
  readonly location: string;
  readonly content: SourceBytes;
}

/** The content of a folder of articles: the files that could be read, and a problem for each of
 *  the others. */
export type FolderResult =
  | {
      readonly kind: 'folder';
      readonly files: readonly LocalFile[];
      /** Locations of files whose extension is not that of an article. */
      readonly others: readonly string[];
      readonly problems: readonly (Problem & { readonly entry: string })[];
    }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Selects files of a folder. */
export interface FolderFilter {
  /** Globs of the files to read. Absent: every file with the extension of an article. */
  readonly files?: readonly string[];
  /** Globs of the files to ignore. */
  readonly skip?: readonly string[];
  /** Locations of files that were published before. Their extension alone does not exclude them. */
  readonly published?: readonly string[];
}

/** Reads local files. A missing or unreadable file is a value in the result, not an exception. */
export interface FileReader {
  /** Returns the paths that match a glob or a plain path, sorted; empty when nothing matches. */
  expand(pattern: string): Promise<readonly string[]>;
  /** Reads one file. A file of more than `maxBytes` bytes fails. */
  readDocument(
    path: string,
    maxBytes: number,
  ): Promise<{ readonly kind: 'content'; readonly content: SourceBytes } | { readonly kind: 'failed'; readonly problem: Problem }>;
  /** Reads every article below a folder, sorted by location. A file of more than `maxBytes`
   *  bytes becomes a problem. */
  readFolder(folder: string, maxBytes: number, wanted?: FolderFilter): Promise<FolderResult>;
}

/** Requests pages as a crawler: robots.txt is obeyed on every hop (RFC 9309, docs/polling.md
 *  A19). The result is `failed` with `page/robots` when robots.txt forbids the page. It is
 *  `page/robots-unknown` while robots.txt cannot be read. It is `page/no-time` when a
 *  Crawl-delay would take too long, or `isOver` returns true. */
export interface Crawler {
  /** Sends one GET and follows redirects. Never rejects because of what a server does. */
  crawl(url: string, how: Pick<FetchRequest, 'options' | 'publicOnly'>, isOver: () => boolean): Promise<FetchResult>;
}

/** Reads documents over HTTP. */
export interface Fetcher {
  /** Sends one conditional GET, follows redirects and keeps the limits per host. Never rejects
   *  because of what a server does. */
  fetch(request: FetchRequest): Promise<FetchResult>;
  /** Closes idle connections. No request may be sent afterwards. */
  close(): Promise<void>;
}
