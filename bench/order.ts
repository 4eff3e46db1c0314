import { readEntryFile } from '../src/cli/debug/entry-file.ts';
import { Folder } from '../src/fold/fold.ts';
import { countWordUse, prepareEntry } from '../src/fold/prepare/prepared-entry.ts';
import type { Prepared } from '../src/fold/judge/guards.ts';
import { compareDates } from '../src/fold/prepare/order.ts';
import { createRandom } from '../tests/support/damage.ts';

/** Measures how much the order of arrival decides: `node bench/order.ts FILE.jsonl [TIMES]`. Folds
 *  the entries of a file (docs/folding.md#a-file-of-entries) in the order of a single run. Then
 *  folds them TIMES times (20) dealt at random to ten runs, and as often in random order. Prints
 *  how many entries get other companions than in the single run. The same file gives the same
 *  figures. */
const [file = '', times = '20'] = process.argv.slice(2);
const RUNS = 10;
const { entries, repeats } = await readEntryFile(file);
const all = [...entries.values()].filter(({ no }) => !repeats.has(no)).map(prepareEntry);
const words = countWordUse(all.map(({ profile }) => profile));
const random = createRandom(1);

/** Returns the first entry of the story of each entry, by number. */
function fold(order: readonly Prepared[]): Map<number, number> {
  const folder = new Folder({ level: 'careful', windowMs: 14 * 86_400_000 }, words, []);
  for (const prepared of order) folder.place({ prepared, folds: true }, new Map());
  return new Map(order.map(({ entry }) => [entry.no, folder.storyOf(entry.no) ?? entry.no]));
}

function inOrder(list: readonly Prepared[]): Prepared[] {
  return list.toSorted((a, b) => compareDates(a.entry, b.entry));
}

function shuffle(list: readonly Prepared[]): Prepared[] {
  const keys = new Map(list.map((one) => [one, random()]));
  return list.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
}

/** Returns the numbers of all entries in the same story as one string, for each entry. */
function companyOf(stories: ReadonlyMap<number, number>): Map<number, string> {
  const members = Map.groupBy(
    [...stories.keys()].toSorted((a, b) => a - b),
    (no) => stories.get(no) ?? no,
  );
  return new Map([...stories].map(([no, story]) => [no, (members.get(story) ?? []).join(' ')]));
}

const standard = companyOf(fold(inOrder(all)));
const together = new Set([...standard].filter(([, company]) => company.includes(' ')).map(([no]) => no));
process.stdout.write(`${all.length} entries, ${together.size} of them with others\n`);
const orders: Readonly<Record<string, () => Prepared[]>> = {
  [`dealt among ${RUNS} runs`]: () => {
    const runs = Map.groupBy(all, () => Math.floor(random() * RUNS));
    return Array.from({ length: RUNS }, (_, run) => inOrder(runs.get(run) ?? [])).flat();
  },
  'in a random order': () => shuffle(all),
};
for (const [name, deal] of Object.entries(orders)) {
  const moved = Array.from({ length: Number(times) }, () => {
    const stories = companyOf(fold(deal()));
    return all.filter(({ entry }) => stories.get(entry.no) !== standard.get(entry.no)).length;
  });
  const mean = moved.reduce((sum, count) => sum + count, 0) / moved.length;
  process.stdout.write(
    `${name}: ${mean.toFixed(1)} entries stand with others than in one run (at most ${Math.max(...moved)}): ${((100 * mean) / all.length).toFixed(2)} % of all, ${((100 * mean) / together.size).toFixed(1)} % of those with others\n`,
  );
}
const again = companyOf(fold(inOrder(shuffle(all))));
process.stdout.write(`the same again: ${all.filter(({ entry }) => again.get(entry.no) !== standard.get(entry.no)).length} differ\n`);
