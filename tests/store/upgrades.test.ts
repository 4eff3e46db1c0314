import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../../src/app/app.ts';
import type { App } from '../../src/app/app.ts';
import { toMemberForm, toRevisionForm } from '../../src/publish/api/json.ts';
import type { StateRow } from '../../src/ports/store/transfer.ts';
import type { RunReport } from '../../src/run/report.ts';
import { newsfold } from '../support/newsfold.ts';
import { sharePostgres } from '../support/shared-postgres.ts';
import { openVersion, readAll } from './stored-version.ts';
import type { Facts } from './stored-version.ts';

/** Versions whose stores are upgraded here. A later migration adds a line and a fixture
 *  (tests/data/stores/README.md). */
const versions: readonly string[] = ['0.1.0', '0.1.1'];

const postgres = sharePostgres();
const on = (config: string, store: string) => ({
  newsfold: (...args: string[]) => newsfold([...args, '--config', config], { env: { NEWSFOLD_STORE: store } }),
  app: async (work: (app: App) => Promise<void>) => {
    const before = process.env['NEWSFOLD_STORE'];
    process.env['NEWSFOLD_STORE'] = store;
    const app = await openApp(config, 'test').finally(() => {
      if (before === undefined) delete process.env['NEWSFOLD_STORE'];
      else process.env['NEWSFOLD_STORE'] = before;
    });
    await work(app).finally(() => app.close());
  },
});
type Site = ReturnType<typeof on>;

/** Checks that the publications of the old version and its owner's decisions are unchanged. */
async function checkFacts(site: Site, { documents, explained, corrected }: Facts): Promise<void> {
  await site.app(async (app) => {
    expect(await readAll(app)).toEqual(documents);
    for (const [key, before] of Object.entries(explained)) {
      const story = await app.store.readEvidence(key);
      const members = story?.members.filter(({ deletedAt }) => deletedAt === null) ?? [];
      const forms = members.map((member) => toMemberForm(member, { isFounder: member.isFounder, url: member.entry.url }));
      expect({ key: story?.key, members: forms, revisions: story?.revisions.map(toRevisionForm) }).toEqual(before);
    }
    const [one, other] = await Promise.all(corrected.apart.map((key) => app.store.readEvidence(key)));
    expect([one?.members.length, other?.members.length]).toEqual([1, 1]);
    expect((await app.store.readEvidence(corrected.hidden))?.hiddenAt).toBeInstanceOf(Date);
  });
}

/** Makes a run and checks that it finds nothing new, changed or withdrawn. */
async function checkRun(site: Site, facts: Facts): Promise<void> {
  const { stdout, stderr } = await site.newsfold('run', '--all', '--json');
  expect(stderr).toBe('');
  const report = JSON.parse(stdout) as RunReport;
  // The museum is polled at most once a day.
  expect(report.polled).toBeGreaterThanOrEqual(5);
  expect(report).toMatchObject({ failed: 0, problems: [], entriesNew: 0, entriesRevised: 0, entriesDeleted: 0, entriesPruned: 0 });
  expect(report).toMatchObject({ storiesNew: 0, storiesUpdated: 0, storiesWithdrawn: 0, folded: 0 });
  await checkFacts(site, facts);
}

/** Checks that the rows written by the old version are unchanged in all its columns. */
async function checkRows(site: Site, rows: readonly StateRow[]): Promise<void> {
  const found = new Map<string, StateRow['row'][]>();
  await site.app((app) =>
    app.store.readState(
      async () => undefined,
      async ({ table, row }) => void found.set(table, [...(found.get(table) ?? []), row]),
    ),
  );
  for (const { table, row } of rows) expect(found.get(table)).toContainEqual(expect.objectContaining(row));
}

/** Makes every document be read again, although its content is the same. */
function touch({ folder, server }: Awaited<ReturnType<typeof openVersion>>): void {
  for (const name of ['herald.xml', 'courier.xml', 'log.json']) appendFileSync(join(folder, name), '\n');
  server.answer('/journal.xml', 304);
}

test.for(versions)('the store of %s publishes the same after its upgrade and after the first runs', async (version) => {
  await using made = await openVersion(version);
  const site = on(made.config, `sqlite:${join(made.folder, 'store.db')}`);
  await checkFacts(site, made.facts);
  await checkRun(site, made.facts);
  touch(made);
  await checkRun(site, made.facts);
  // Corrections are still in force and can be reverted.
  expect(await site.newsfold('refold', '--dry-run', '--json')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  expect(await site.newsfold('unhide', made.facts.corrected.hidden)).toMatchObject({ code: 0 });
  expect((await site.newsfold('stories', '--json')).stdout).toContain(made.facts.corrected.hidden);
});

test.for(versions.flatMap((version) => ['SQLite', 'PostgreSQL'].map((kind) => [version, kind] as const)))(
  'an export of %s imported into %s keeps every row, publishes the same, and goes on',
  async ([version, kind]) => {
    await using made = await openVersion(version);
    rmSync(join(made.folder, 'store.db'));
    const site = on(made.config, kind === 'SQLite' ? `sqlite:${join(made.folder, 'new.db')}` : await postgres.createDatabase());
    expect(await site.newsfold('import', made.exported)).toMatchObject({ code: 0, stderr: '' });
    await checkRows(site, made.rows());
    await checkFacts(site, made.facts);
    await checkRun(site, made.facts);
    // New numbers follow the imported ones.
    appendFileSync(join(made.folder, 'articles/new.txt'), 'One that is new\n\nIt was written after the upgrade.\n');
    expect(JSON.parse((await site.newsfold('run', '--json')).stdout)).toMatchObject({ entriesNew: 1, storiesNew: 1, problems: [] });
  },
);
