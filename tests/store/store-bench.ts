import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { afterEach, beforeEach } from 'vitest';
import type { EntryChange, StoredEntry } from '../../src/model/entry.ts';
import type { PollState } from '../../src/model/source.ts';
import type { Placement, LeadChoice } from '../../src/model/story.ts';
import type { FoldBatch } from '../../src/ports/store/folding.ts';
import type { LockHolder } from '../../src/ports/store/runs.ts';
import type { PollRecord } from '../../src/ports/store/sources.ts';
import type { Store } from '../../src/ports/store/store.ts';
import type { Backend } from '../../src/store/engine/backend.ts';
import { openStore } from '../../src/store/store.ts';
import { declare } from '../support/bench.ts';
import { makeEntry, makeRevision } from '../support/entry.ts';

/** An empty database for one test. */
export interface Database {
  /** Path or URL, and the function of src/store/ that opens it. Both are passed to other
   *  processes. */
  readonly target: string;
  readonly opener: 'openSqlite' | 'openPostgres';
  readonly open: (options?: { readonly mayWrite?: boolean }) => Backend;
  readonly remove: () => Promise<void>;
}

/** Creates an empty database. `isNew`: one without tables, on which no store was ever opened. */
export type MakeDatabase = (options?: { readonly isNew?: boolean }) => Promise<Database>;

/** Helpers of the contract tests. They close everything that they opened after each test. */
export interface StoreBench {
  /** The database of the running test. */
  readonly database: () => Database;
  readonly makeDatabase: MakeDatabase;
  readonly open: (options?: { readonly mayWrite?: boolean }) => Promise<Store>;
  /** Opens a store with the sources a and b. */
  readonly openBound: () => Promise<Store>;
  /** Exports the state of a store, imports it into an empty one, and returns that one. */
  readonly copyState: (store: Store) => Promise<Store>;
  /** Starts a process that runs `code` on an open `store`; resolves with its first output. */
  readonly startProcess: (code: string) => Promise<StartedProcess>;
  readonly defer: (close: () => Promise<unknown>) => void;
}

/** Another process on the same store. */
export interface StartedProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  /** First output of the process. */
  readonly said: string;
}

/** Registers the hooks of a test file. */
export function createStoreBench(makeDatabase: MakeDatabase): StoreBench {
  let database: Database | null = null;
  const closers: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    database = await makeDatabase();
  });
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
    await database?.remove();
    database = null;
  });
  const current = () => {
    if (!database) throw new Error('no test runs');
    return database;
  };
  const open = async (options: { readonly mayWrite?: boolean } = {}) => {
    const store = await openStore(current().open(options));
    closers.push(() => store.close());
    return store;
  };
  return {
    database: current,
    makeDatabase,
    open,
    async openBound() {
      const store = await open();
      await store.bindSources([declare('file', '/a.xml', { id: 'a' }), declare('file', '/b.xml', { id: 'b' })], noon);
      return store;
    },
    async copyState(store) {
      const lines: { readonly line: number; readonly value: unknown }[] = [];
      await store.readState(
        async () => undefined,
        async (value) => void lines.push({ line: lines.length + 1, value }),
      );
      const other = await makeDatabase();
      closers.push(other.remove);
      const copy = await openStore(other.open());
      closers.push(() => copy.close());
      await copy.writeState(Readable.from(lines), null);
      return copy;
    },
    async startProcess(code) {
      const { opener, target } = current();
      const url = (path: string) => JSON.stringify(new URL(`../../src/store/${path}`, import.meta.url).href);
      const script = `import { ${opener} } from ${url(opener === 'openSqlite' ? 'engine/sqlite.ts' : 'engine/postgres.ts')}; import { openStore } from ${url('store.ts')};
        const store = await openStore(${opener}(${JSON.stringify(target)})); ${code}`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      closers.push(async () => child.kill('SIGKILL'));
      const exited = once(child, 'exit');
      const [said] = (await Promise.race([once(child.stdout, 'data'), exited])) as [unknown];
      return { child, exited, said: String(said).trim() };
    },
    defer: (close) => void closers.push(close),
  };
}

/** The instant of most tests. Its milliseconds must survive. */
export const noon = new Date('2026-03-10T12:00:00.123Z');
/** Returns the instant that many milliseconds after noon. */
export const after = (ms: number) => new Date(noon.getTime() + ms);
/** One hour in milliseconds. */
export const HOUR = 3_600_000;
/** Selects every published story. */
export const all = { order: 'published', offset: 0, limit: 1000 } as const;
/** A holder of the run lock. */
export const holder: LockHolder = { command: 'run', pid: 4711, host: 'here', since: noon };

/** Returns a new entry of source a with one revision. */
export const change = (rest: Parameters<typeof makeEntry>[0] = {}, revision: Parameters<typeof makeRevision>[0] = {}): EntryChange => ({
  entry: makeEntry(rest),
  revisions: [makeRevision(revision)],
  replacesLast: false,
  formerIdentity: null,
});

/** The verdict on a story's first entry. */
export const verdict = { label: 'different' as const, score: 0, why: ['first of its story'], rules: 'x', signals: null };
/** Places an entry in a story of its own. */
export const alone = (entry: StoredEntry, preferredId: string | null = null): Placement => ({
  entryNo: entry.no,
  storyNo: entry.no,
  preferredId,
  comparedWith: null,
  verdict,
});
/** Returns a folding result; fields that a test does not give are empty. */
export const foldBatch = (rest: Partial<FoldBatch>): FoldBatch => ({
  placements: [],
  merges: [],
  relations: [],
  prepared: [],
  decided: [],
  ...rest,
});
/** Returns the choice of a lead: the entry that founded the story. */
export const settled = (no: number, rest: Partial<LeadChoice> = {}): LeadChoice => ({
  no,
  leadNo: no,
  leadRevision: 1,
  published: null,
  datedAt: null,
  updated: noon,
  footer: [],
  change: 'new',
  ...rest,
});

/** A poll state with a value in every field. */
export const state: PollState = {
  etag: 'W/"é"',
  lastModified: 'Tue, 10 Mar 2026 11:00:00 GMT',
  bodyHash: 'abc',
  lastPollAt: noon,
  lastSuccessAt: after(-1),
  lastEntryAt: null,
  nextPollAt: after(7_200_001),
  notBeforeAt: new Date(-1),
  failures: 3,
  history: 'csf',
  firstReadAt: after(-2),
  gone: true,
  problem: { code: 'fetch/timeout', message: 'too slow' },
  publisherHints: { ttlMinutes: 60, skipHours: [1], skipDays: [0], updateIntervalMs: 3_600_000, updateBase: after(7) },
  rhythm: { gapMs: 5_000_000_000, newestAt: after(-5) },
  move: { to: 'https://new.test/', since: after(-9), proofs: 2, isAdopted: false },
  notice: { code: 'source/ids-changed', message: 'new ids', at: after(-3) },
  found: { url: 'https://a.test/feed', via: 'link', at: after(-8) },
  cutPolls: 2,
  hubOffer: { hubs: ['https://hub.test/'], topic: 'https://a.test/feed' },
};
/** A poll with a value in most fields. */
export const record: PollRecord = {
  state,
  description: { title: 'T', homePage: 'https://t.test/', feedId: 'urn:t', language: 'de' },
  at: noon,
  status: 200,
  outcome: 'content',
  sentEtag: null,
  sentLastModified: null,
  bytes: 3_000_000_000,
  movedAddress: null,
  reason: 'backoff',
  hold: { host: 'a.test', until: after(HOUR) },
};

/** Returns the entries that wait to be folded. */
export const pendingOf = async (store: Store, limit = 1000) =>
  store.readEntries((await store.readPending(limit)).map(({ entry }) => entry.no));

/** Saves entries and publishes a story for each. */
export const publishAll = async (store: Store, changes: readonly EntryChange[], at = noon, rest: Partial<LeadChoice> = {}) => {
  await store.saveEntries(changes, at);
  const entries = await pendingOf(store);
  await store.saveFolds(foldBatch({ placements: entries.map((entry) => alone(entry)), decided: entries.map((entry) => entry.no) }), at);
  await store.saveLeadChoices(
    entries.map((entry) => settled(entry.no, rest)),
    at,
  );
  await store.publish(at, at);
  return entries;
};
