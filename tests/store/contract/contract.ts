import { describe } from 'vitest';
import { testEntries } from './entries.ts';
import { testFolding } from './folding.ts';
import { testCounts } from './counts.ts';
import { testHeadlines } from './headlines.ts';
import { testHub } from './hub.ts';
import { testKeeping } from './keep.ts';
import { testListings } from './listings.ts';
import { testMigrations } from './migrations.ts';
import { testOwn } from './own.ts';
import { testProcesses } from './processes.ts';
import { testPublishing } from './publishing.ts';
import { testPushes } from './push.ts';
import { testSetAside } from './set-aside.ts';
import { testSources } from './sources.ts';
import { testVersions } from './versions.ts';
import { createStoreBench } from '../store-bench.ts';
import type { MakeDatabase } from '../store-bench.ts';

/** Tests everything that ports/store promises and docs/design.md §95 says, on one kind of
 *  database. */
export function testStore(makeDatabase: MakeDatabase): void {
  describe('contract', () => {
    const bench = createStoreBench(makeDatabase);
    testSources(bench);
    testEntries(bench);
    testFolding(bench);
    testPublishing(bench);
    testListings(bench);
    testCounts(bench);
    testHeadlines(bench);
    testHub(bench);
    testPushes(bench);
    testProcesses(bench);
    testKeeping(bench);
    testSetAside(bench);
    testOwn(bench);
    testVersions(bench);
    testMigrations(bench);
  });
}
