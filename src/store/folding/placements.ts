import type { Transaction } from 'kysely';
import type { Merge, Relation } from '../../model/fold.ts';
import type { Label, Placement, Verdict } from '../../model/story.ts';
import { nameKey, nameUuid, readNamespace } from '../sql/names.ts';
import { fromJson, inPieces, toJsonColumn, toStorable } from '../sql/rows.ts';
import type { EntryRow, Schema, StoryRow } from '../schema/schema.ts';
import { insertRows } from '../sql/statements.ts';

/** Creates a story for each entry that founds one. A story that this entry founded before, and
 *  that was merged or left since, exists on its own again. Ids and keys are checked for
 *  uniqueness all at once: one query each took a third of a run. */
export async function foundStories(trx: Transaction<Schema>, placements: readonly Founding[]): Promise<void> {
  const founders = await withoutKnown(
    trx,
    placements.filter(({ entryNo, storyNo }) => entryNo === storyNo),
  );
  if (founders.length === 0) return;
  const entries = await readFounders(trx, founders);
  const named = await nameStories(trx, founders, entries);
  const keys = await readTakenKeys(
    trx,
    named.map(({ wholeKey }) => wholeKey.slice(0, KEY_LENGTH)),
  );
  const rows: StoryRow[] = [];
  for (const { entry, id, wholeKey } of named) {
    const key = await freeKey(trx, wholeKey, keys);
    keys.add(key);
    const { no, first_seen_at, dated_at } = entry;
    rows.push({ ...unsettled, no, id, key, first_seen_at, dated_at });
  }
  await insertRows(trx, 'story', rows);
}

/** An entry that may found a story, and the preferred id of that story. */
type Founding = Pick<Placement, 'entryNo' | 'storyNo' | 'preferredId'>;

/** Revives stories that these entries founded before; returns the founders that have none. */
async function withoutKnown(trx: Transaction<Schema>, founders: readonly Founding[]): Promise<readonly Founding[]> {
  const known = new Set<number>();
  for (const piece of inPieces(founders.map(({ entryNo }) => entryNo))) {
    const rows = await trx.updateTable('story').set({ merged_into: null, dirty: 1 }).where('no', 'in', piece).returning('no').execute();
    for (const { no } of rows) known.add(no);
  }
  return founders.filter(({ entryNo }) => !known.has(entryNo));
}

const unsettled = {
  lead_no: null,
  lead_revision: 0,
  published: null,
  updated: null,
  footer: '[]',
  settled_at: null,
  withdrawn_at: null,
  dirty: 1,
  hidden_at: null,
  merged_into: null,
} as const;

/** Stores the stories of entries that have none yet, and the reasons. */
export async function joinStories(trx: Transaction<Schema>, placements: readonly Placement[], at: Date): Promise<void> {
  const rows = placements.map(({ entryNo, storyNo, comparedWith, verdict }) => ({
    entry_no: entryNo,
    story_no: storyNo,
    compared_with: comparedWith,
    ...toVerdictColumns(verdict),
    joined_at: at.getTime(),
  }));
  await insertRows(trx, 'story_entry', rows);
}

/** Longest id of a story in bytes: below the limit of a PostgreSQL index entry (2,704 bytes). */
const MAX_ID_BYTES = 2000;

function toStoryId(preferred: string): string | null {
  const id = toStorable(preferred);
  return Buffer.byteLength(id) > MAX_ID_BYTES ? null : id;
}

async function readFounders(trx: Transaction<Schema>, founders: readonly Founding[]) {
  const entries = new Map<number, Pick<EntryRow, 'source_id' | 'identity' | 'first_seen_at' | 'dated_at'> & { readonly no: number }>();
  for (const piece of inPieces(founders.map(({ entryNo }) => entryNo))) {
    const rows = await trx
      .selectFrom('entry')
      .select(['no', 'source_id', 'identity', 'first_seen_at', 'dated_at'])
      .where('no', 'in', piece)
      .execute();
    for (const row of rows) entries.set(row.no, row);
  }
  return entries;
}

/** Gives each founder the id of its entry, or else a generated one (docs/design.md §61). Each id
 *  is checked first: an entry may have an identity that another entry had before. */
async function nameStories(trx: Transaction<Schema>, founders: readonly Founding[], entries: Awaited<ReturnType<typeof readFounders>>) {
  const namespace = await readNamespace(trx);
  const founderIds = founders.map(({ entryNo, preferredId }) => {
    const entry = entries.get(entryNo);
    if (!entry) throw new TypeError(`entry ${entryNo} founds a story but is not stored`);
    return { entry, preferred: preferredId === null ? null : toStoryId(preferredId), minted: mint(namespace, entry) };
  });
  const taken = await readTakenIds(
    trx,
    founderIds.flatMap(({ preferred, minted }) => (preferred === null ? minted : [preferred, minted])),
  );
  const named = [];
  for (const { entry, preferred, minted } of founderIds) {
    let id = preferred !== null && !taken.has(preferred) ? preferred : minted;
    // The time of first sight distinguishes the entry from the former owner of the identity. A
    // number distinguishes two entries of one run.
    for (let n = 1; taken.has(id); n++) {
      id = mint(namespace, entry, n === 1 ? `${entry.first_seen_at}` : `${entry.first_seen_at} ${n}`);
      for (const other of await readTakenIds(trx, [id])) taken.add(other);
    }
    taken.add(id);
    named.push({ entry, id, wholeKey: nameKey(id) });
  }
  return named;
}

function mint(namespace: string, { source_id, identity }: Pick<EntryRow, 'source_id' | 'identity'>, suffix: string | null = null): string {
  return `urn:uuid:${nameUuid(namespace, `entry/${source_id}\n${identity}${suffix === null ? '' : `\n${suffix}`}`)}`;
}

/** Returns the ids among these that a story has or had. */
async function readTakenIds(trx: Transaction<Schema>, ids: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const piece of inPieces([...new Set(ids)])) {
    const stories = await trx.selectFrom('story').select('id').where('id', 'in', piece).execute();
    const tombstones = await trx.selectFrom('tombstone').select('id').where('id', 'in', piece).execute();
    for (const { id } of [...stories, ...tombstones]) taken.add(id);
  }
  return taken;
}

const KEY_LENGTH = 12;

async function readTakenKeys(trx: Transaction<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const piece of inPieces(keys)) {
    const stories = await trx.selectFrom('story').select('key').where('key', 'in', piece).execute();
    for (const { key } of stories) taken.add(key);
  }
  return taken;
}

/** Returns the shortest prefix of a key, from KEY_LENGTH characters on, that no story has.
 *  `taken` holds the used prefixes of KEY_LENGTH characters and those of this batch. */
async function freeKey(trx: Transaction<Schema>, whole: string, taken: ReadonlySet<string>): Promise<string> {
  for (let length = KEY_LENGTH; length < whole.length; length++) {
    const key = whole.slice(0, length);
    if (taken.has(key)) continue;
    if (length === KEY_LENGTH || !(await trx.selectFrom('story').select('no').where('key', '=', key).executeTakeFirst())) return key;
  }
  return whole;
}

/** Stores the story of an entry and the reason; replaces its former story. The lead of both
 *  stories will be chosen again. */
export async function putEntry(
  trx: Transaction<Schema>,
  { entryNo, storyNo, comparedWith, verdict }: Pick<Placement, 'entryNo' | 'storyNo' | 'comparedWith' | 'verdict'>,
  at: Date,
): Promise<void> {
  const before = trx.selectFrom('story_entry').select('story_no').where('entry_no', '=', entryNo);
  await trx.updateTable('story').set({ dirty: 1 }).where('no', 'in', before).execute();
  const values = { story_no: storyNo, compared_with: comparedWith, ...toVerdictColumns(verdict), joined_at: at.getTime() };
  await trx
    .insertInto('story_entry')
    .values({ entry_no: entryNo, ...values })
    .onConflict((conflict) => conflict.column('entry_no').doUpdateSet(values))
    .execute();
  await trx.updateTable('story').set({ dirty: 1 }).where('no', '=', storyNo).execute();
}

/** Moves every member of one story into the story that it is merged into. */
export async function saveMerge(trx: Transaction<Schema>, { fromStory, intoStory, comparedWith, verdict }: Merge): Promise<void> {
  await trx
    .updateTable('story_entry')
    .set({ compared_with: comparedWith, ...toVerdictColumns(verdict) })
    .where('entry_no', '=', fromStory)
    .where('story_no', '=', fromStory)
    .execute();
  await trx.updateTable('story_entry').set({ story_no: intoStory }).where('story_no', '=', fromStory).execute();
  await trx.updateTable('story').set({ dirty: 1, merged_into: intoStory }).where('no', '=', fromStory).execute();
  await trx.updateTable('story').set({ dirty: 1 }).where('no', '=', intoStory).execute();
}

/** Notes that two entries are about the same event. */
export async function saveRelation(trx: Transaction<Schema>, { entryNo, otherNo, verdict }: Relation, at: Date): Promise<void> {
  const { score, why, rules, signals } = verdict;
  const values = { score, why: toJsonColumn(why), rules, signals: signals === null ? null : toJsonColumn(signals), at: at.getTime() };
  await trx
    .insertInto('related')
    .values({ entry_no: entryNo, other_no: otherNo, ...values })
    .onConflict((conflict) => conflict.columns(['entry_no', 'other_no']).doUpdateSet(values))
    .execute();
}

/** Returns the columns of a verdict. */
function toVerdictColumns({ label, score, why, rules, signals }: Verdict) {
  return { label, score, why: toJsonColumn(why), rules, signals: signals === null ? null : toJsonColumn(signals) };
}

/** Returns the verdict of a stored row. */
export function toVerdict(row: { label: string; score: number; why: string; rules: string; signals: string | null }): Verdict {
  const { label, score, why, rules, signals } = row;
  return { label: label as Label, score, why: fromJson(why), rules, signals: signals === null ? null : fromJson(signals) };
}
