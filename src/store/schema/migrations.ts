import type { Migration } from 'kysely/migration';
import { dialects } from './column-types.ts';
import { firstReading } from '../migrations/0014-first-reading.ts';
import { guids } from '../migrations/0012-guids.ts';
import { hub } from '../migrations/0008-hub.ts';
import { own } from '../migrations/0013-own.ts';
import { hubPlaces } from '../migrations/0015-hub-places.ts';
import { pages } from '../migrations/0006-pages.ts';
import { publishing } from '../migrations/0005-publishing.ts';
import { retention } from '../migrations/0010-retention.ts';
import { search } from '../migrations/0007-search.ts';
import { serving } from '../migrations/0016-serving.ts';
import { setAside } from '../migrations/0011-set-aside.ts';
import { first } from '../migrations/0001-first.ts';
import { polling } from '../migrations/0002-polling.ts';
import { folding } from '../migrations/0003-folding.ts';
import { waiting } from '../migrations/0004-waiting.ts';
import { subscriber } from '../migrations/0009-subscriber.ts';
import { websubNames } from '../migrations/0017-websub-names.ts';
import { listed } from '../migrations/0018-listed.ts';

/** Returns all migrations by name, in order. Append only: a published migration is never edited. */
export function migrations(kind: 'sqlite' | 'postgres'): Record<string, Migration> {
  return {
    '0001_first': { up: (db) => first(db, dialects[kind]) },
    '0002_polling': { up: (db) => polling(db, dialects[kind]) },
    '0003_folding': { up: (db) => folding(db, dialects[kind]) },
    '0004_waiting': { up: waiting },
    '0005_publishing': { up: (db) => publishing(db, dialects[kind]) },
    '0006_pages': { up: (db) => pages(db, dialects[kind]) },
    '0007_search': { up: (db) => search(db, kind) },
    '0008_hub': { up: (db) => hub(db, dialects[kind]) },
    '0009_subscriber': { up: (db) => subscriber(db, dialects[kind]) },
    '0010_retention': { up: (db) => retention(db, dialects[kind]) },
    '0011_set_aside': { up: (db) => setAside(db, dialects[kind]) },
    '0012_guids': { up: guids },
    '0013_own': { up: (db) => own(db, dialects[kind]) },
    '0014_first_reading': { up: firstReading },
    '0015_hub_places': { up: (db) => hubPlaces(db, dialects[kind]) },
    '0016_serving': { up: serving },
    '0017_websub_names': { up: (db) => websubNames(db, kind) },
    '0018_listed': { up: listed },
  };
}
