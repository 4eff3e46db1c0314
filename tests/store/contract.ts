import { describe } from 'vitest';
import { testEntries } from './contract-entries.ts';
import { testFolding } from './contract-folding.ts';
import { testCounts } from './contract-counts.ts';
import { testHeadlines } from './contract-headlines.ts';
import { testHub } from './contract-hub.ts';
import { testKeeping } from './contract-keep.ts';
import { testListings } from './contract-listings.ts';
import { testMigrations } from './contract-migrations.ts';
import { testOwn } from './contract-own.ts';
import { testProcesses } from './contract-processes.ts';
import { testPublishing } from './contract-publishing.ts';
import { testPushes } from './contract-push.ts';
import { testSetAside } from './contract-set-aside.ts';
import { testSources } from './contract-sources.ts';
import { testVersions } from './contract-versions.ts';
import { createStoreBench } from './store-bench.ts';
import type { MakeDatabase } from './store-bench.ts';

/** Tests of everything that ports/store.ts promises and DESIGN §11 says, on one kind of database. */
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
