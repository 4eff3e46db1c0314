import { Folder } from '../src/fold/fold.ts';
import { countWordUse, packEntry, prepareEntry } from '../src/fold/prepare/prepared-entry.ts';
import type { Prepared } from '../src/fold/judge/guards.ts';
import type { StoredEntry } from '../src/model/entry.ts';
import { createRandom } from '../tests/support/damage.ts';
import { createTextMaker } from './made-feeds.ts';

/** Measures folding in memory, text preparation included: `node bench/fold.ts [MOST]` (100,000).
 *  The generated entries have some hundred words; a tenth are copies with a few words more. Prints
 *  entries a second by the number of stored entries, and bytes an entry. `preparing alone` is the
 *  baseline of the same process and minute. */
const most = Number(process.argv[2] ?? 100_000);
const WINDOW_MS = 14 * 86_400_000;
const STEP = 2000;
const makeText = createTextMaker(createRandom(1));

function makeEntry(no: number): StoredEntry {
  const { title, text } = makeText();
  const at = new Date(1_700_000_000_000 + no * 1000);
  const lists = { authors: [], categories: [], enclosures: [] };
  const revision = {
    kind: 'first' as const,
    title,
    html: null,
    summary: null,
    text,
    hash: '',
    published: at,
    updated: null,
  };
  return {
    no,
    key: `k${no}`,
    identity: `i${no}`,
    guid: `g${no}`,
    url: null,
    urlKey: null,
    homeHost: null,
    linkPost: false,
    location: null,
    sourceId: `s${no % 997}`,
    language: null,
    origin: null,
    position: 0,
    contentHash: '',
    firstSeenAt: at,
    listedFrom: null,
    revision: { ...revision, seenAt: at, mark: null, ...lists, image: null, rights: null },
  };
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const sample = Array.from({ length: STEP }, (_, no) => makeEntry(no));
const beforePreparing = cpu();
const prepared = sample.map(prepareEntry);
const preparing = STEP / (cpu() - beforePreparing);
const folder = new Folder({ level: 'careful', windowMs: WINDOW_MS }, countWordUse(prepared.map(({ profile }) => profile)), []);
const bytes = prepared.reduce((sum, one) => sum + packEntry(one, () => 0).profile.length, 0) / STEP;
const place = (one: Prepared) => folder.place({ prepared: one, folds: true }, new Map());
prepared.forEach(place);
process.stdout.write(`preparing alone ${preparing.toFixed(0)} entries/s; a prepared entry has ${bytes.toFixed(0)} bytes\n`);
for (let stored = STEP; stored < most;) {
  const goal = Math.min(most, stored * 2);
  for (; stored + STEP < goal; stored++) place(prepareEntry(makeEntry(stored)));
  const batch = Array.from({ length: STEP }, (_, n) => makeEntry(stored + n));
  const start = cpu();
  let folded = 0;
  for (const entry of batch) if (place(prepareEntry(entry)).placement.storyNo !== entry.no) folded++;
  const speed = STEP / (cpu() - start);
  stored += STEP;
  process.stdout.write(
    `${stored} stored: ${speed.toFixed(0)} entries/s, ${(speed / preparing).toFixed(2)} of preparing alone; ${folded} of ${STEP} folded; ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB\n`,
  );
}
