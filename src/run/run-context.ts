import type { FoldRules } from '../fold/fold.ts';
import type { Feed } from '../model/feed.ts';
import type { ExpectedArticle, PageText, SourceBytes } from '../model/parsed.ts';
import type { SourceDeclaration } from '../model/source.ts';
import type { Clock } from '../ports/clock.ts';
import type { Crawler, Fetcher, FileReader } from '../ports/fetcher.ts';
import type { Log } from '../ports/log.ts';
import type { Queue } from '../ports/queue.ts';
import type { LockHolder } from '../ports/store/runs.ts';
import type { Store } from '../ports/store/store.ts';

/** All dependencies of a run. */
export interface RunContext {
  readonly store: Store;
  readonly fetcher: Fetcher;
  readonly crawler: Crawler;
  /** Extracts articles from their pages, within a time limit. */
  readonly extractor: { readonly extract: (page: SourceBytes, expected: ExpectedArticle) => Promise<PageText> };
  readonly files: FileReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: RunSettings;
  /** Shares the reading of sources with other nodes; null when this process reads all of them. */
  readonly queue: Queue | null;
  /** Called by each holder of the run lock before any other work.
   *  @throws NewsfoldError `run/other-config` when nodes of the store use another configuration. */
  readonly checkConfig: () => Promise<void>;
  /** Describes this process as holder of the run lock: another run shows it in its message. */
  readonly holder: Omit<LockHolder, 'since'>;
}

/** The part of the configuration that a run uses. */
interface RunSettings {
  /** Bounds of the adaptive interval between two polls. */
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** Absolute URLs of every document that is published here, without a slash at the end. */
  readonly ownUrls: ReadonlySet<string>;
  /** Feeds that are published: neither moved nor retired. */
  readonly feeds: readonly Feed[];
  readonly declarations: readonly SourceDeclaration[];
  readonly rules: FoldRules;
  readonly concurrency: number;
  /** Sources of one host that are read at once (docs/polling.md A15). */
  readonly perHost: number;
  readonly runTimeoutMs: number;
  readonly maxBytes: number;
  /** IANA zone for update marks without one. */
  readonly zone: string;
  readonly retention: RetentionSettings;
}

/** Limits for keeping entries; null means for ever. */
export interface RetentionSettings {
  readonly days: number | null;
  readonly perSource: number | null;
}
