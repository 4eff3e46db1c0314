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

/** All that a run needs from outside. */
export interface RunContext {
  readonly store: Store;
  readonly fetcher: Fetcher;
  readonly crawler: Crawler;
  /** Finds articles on their pages, within a limit of time. */
  readonly extractor: { readonly extract: (page: SourceBytes, expected: ExpectedArticle) => Promise<PageText> };
  readonly files: FileReader;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: RunSettings;
  /** Shares the reading of sources with other nodes; null when this process does all of it. */
  readonly queue: Queue | null;
  /** Asked by whoever has the run lock, before he does anything.
   *  @throws NewsfoldError `run/other-config` when nodes of the store go by another
   *  configuration. */
  readonly checkConfig: () => Promise<void>;
  /** Who asks for the run lock: what a second run is told. */
  readonly holder: Omit<LockHolder, 'since'>;
}

/** The part of the configuration that a run goes by. */
export interface RunSettings {
  /** Bounds of the adaptive interval between two polls. */
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** Absolute URLs of every document that is published here, without a slash at the end. */
  readonly ownUrls: ReadonlySet<string>;
  /** Those that are published: neither moved nor retired. */
  readonly feeds: readonly Feed[];
  readonly declarations: readonly SourceDeclaration[];
  readonly rules: FoldRules;
  readonly concurrency: number;
  /** Sources of one host that are read at once (docs/polling.md A15). */
  readonly perHost: number;
  readonly runTimeoutMs: number;
  readonly maxBytes: number;
  /** IANA zone for update marks that name none. */
  readonly zone: string;
  readonly retention: RetentionSettings;
}

/** How long entries are kept; null is for ever. */
export interface RetentionSettings {
  readonly days: number | null;
  readonly perSource: number | null;
}
