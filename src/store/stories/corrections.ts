import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import type { Pin } from '../../model/fold.ts';
import type { StoryCopy } from '../../model/story.ts';
import type { EntryMove } from '../../ports/store/folding.ts';
import type { CorrectionWrites } from '../../ports/store/stories.ts';
import { noteTakedown } from '../feeds/archives.ts';
import { foundStories, putEntry } from '../folding/placements.ts';
import { fromJson, toJsonColumn, toStorable } from '../sql/rows.ts';
import type { Schema } from '../schema/schema.ts';
import { reopen, reopenStories } from '../operation/set-aside.ts';

/** Writes the owner's corrections: the stories of entries, and hidden stories and entries. */
export function correctionWrites(db: Kysely<Schema>): CorrectionWrites {
  return {
    moveEntries: (moves, pins, at) =>
      db.transaction().execute(async (trx) => {
        // Founders first: an entry cannot join a story that does not exist yet.
        await foundStories(
          trx,
          moves.map((move) => ({ ...move, preferredId: null })),
        );
        for (const move of moves) await putEntry(trx, move, at);
        for (const move of moves) await noteMerged(trx, move);
        for (const pin of pins) await savePin(trx, pin, at);
        await reopenStories(
          trx,
          moves.flatMap(({ entryNo, storyNo }) => [entryNo, storyNo]),
        );
        await reopen(
          trx,
          moves.map(({ entryNo }) => entryNo),
        );
      }),

    hide: (key, hidden, at) =>
      db.transaction().execute(async (trx) => {
        if (key !== toStorable(key)) return null;
        const set = { hidden_at: hidden ? at.getTime() : null };
        const story = await trx
          .updateTable('story')
          .set({ ...set, dirty: 1 })
          .where('key', '=', key)
          .returning('no')
          .executeTakeFirst();
        if (story) {
          await reopenStories(trx, [story.no]);
          if (!hidden) return 'story';
          await noteTakedowns(trx, story.no, at);
          const members = await trx.selectFrom('story_entry').select('entry_no').where('story_no', '=', story.no).execute();
          for (const { entry_no } of members) await takeOutOfFormer(trx, entry_no, at);
          return 'story';
        }
        const entry = await trx.updateTable('entry').set(set).where('key', '=', key).returning(['no', 'url']).executeTakeFirst();
        if (!entry) return null;
        await reopen(trx, [entry.no]);
        const stories = await trx
          .selectFrom('story_entry')
          .innerJoin('story', 'story.no', 'story_entry.story_no')
          .select(['story.no', 'story.footer'])
          .where('entry_no', '=', entry.no)
          .execute();
        // The line with the other sources stays the same until the story changes. The hidden source
        // must leave it at once.
        for (const { no, footer } of stories) {
          const copies = fromJson<readonly StoryCopy[]>(footer).filter(({ url }) => !hidden || url !== entry.url);
          await trx
            .updateTable('story')
            .set({ dirty: 1, footer: toJsonColumn(copies) })
            .where('no', '=', no)
            .execute();
          if (!hidden) continue;
          await noteTakedowns(trx, no, at);
          await publishAgain(trx, no);
        }
        if (hidden) await takeOutOfFormer(trx, entry.no, at);
        return 'entry';
      }),
  };
}

/** Notes every id under which a story may occur in archives: its own, and those of its entries
 *  before they joined it. */
async function noteTakedowns(trx: Transaction<Schema>, storyNo: number, at: Date): Promise<void> {
  const members = trx.selectFrom('story_entry').select('entry_no').where('story_no', '=', storyNo);
  const stories = await trx
    .selectFrom('story')
    .select('id')
    .where((eb) => eb.or([eb('no', '=', storyNo), eb('merged_into', '=', storyNo), eb('no', 'in', members)]))
    .execute();
  for (const { id } of stories) await noteTakedown(trx, id, at);
}

/** Takes an entry out of the stories that it has left: their lines with other sources may name it,
 *  and so may archives. The stories themselves remain. */
async function takeOutOfFormer(trx: Transaction<Schema>, entryNo: number, at: Date): Promise<void> {
  const former = await readFormer(trx, entryNo);
  for (const [no, footer] of former) {
    const set = { dirty: 1, ...(footer !== null && { footer }) } as const;
    const story = await trx.updateTable('story').set(set).where('no', '=', no).returning('id').executeTakeFirst();
    if (!story) continue;
    await noteTakedown(trx, story.id, at);
    await publishAgain(trx, no);
  }
}

/** Returns the numbers of stories that may show an entry although it is in another one. Each comes
 *  with its footer without the entry; null: the footer stays. An owner's split is known by its
 *  pins, any other move by the footer. */
async function readFormer(trx: Transaction<Schema>, entryNo: number): Promise<ReadonlyMap<number, string | null>> {
  const pins = await trx
    .selectFrom('pin')
    .select(['entry_no', 'other_no'])
    .where('kind', '=', 'apart')
    .where((eb) => eb.or([eb('entry_no', '=', entryNo), eb('other_no', '=', entryNo)]))
    .execute();
  const former = new Map<number, string | null>();
  for (const pin of pins) former.set(pin.entry_no === entryNo ? pin.other_no : pin.entry_no, null);
  const entry = await trx.selectFrom('entry').select('url').where('no', '=', entryNo).executeTakeFirst();
  const url = entry?.url ?? null;
  if (url === null) return former;
  const naming = await trx
    .selectFrom('story')
    .select(['no', 'footer'])
    .where('footer', '<>', '[]')
    .where(sql<boolean>`replace(footer, ${JSON.stringify(url)}, '') <> footer`)
    .execute();
  for (const { no, footer } of naming)
    if (!(await hasMemberAt(trx, no, url)))
      former.set(no, toJsonColumn(fromJson<readonly StoryCopy[]>(footer).filter((copy) => copy.url !== url)));
  return former;
}

/** Reports whether a story has an entry of this address that is not taken down. */
async function hasMemberAt(trx: Transaction<Schema>, storyNo: number, url: string): Promise<boolean> {
  const member = await trx
    .selectFrom('story_entry')
    .innerJoin('entry', 'entry.no', 'story_entry.entry_no')
    .select('entry.no')
    .where('story_no', '=', storyNo)
    .where('entry.url', '=', url)
    .where('entry.hidden_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return member !== undefined;
}

/** Lets all feeds publish a story again, because archives will no longer have it. */
async function publishAgain(trx: Transaction<Schema>, storyNo: number): Promise<void> {
  await trx
    .updateTable('listing')
    .set((eb) => ({ accounted_for: eb('accounted_for', '-', 1) }))
    .where('story_no', '=', storyNo)
    .execute();
}

/** Notes that a story was merged into another: its founder has joined the other one and no
 *  member is left. */
async function noteMerged(trx: Transaction<Schema>, { entryNo, storyNo }: EntryMove): Promise<void> {
  if (entryNo === storyNo) return;
  const remaining = await trx.selectFrom('story_entry').select('entry_no').where('story_no', '=', entryNo).limit(1).executeTakeFirst();
  if (!remaining) await trx.updateTable('story').set({ merged_into: storyNo, dirty: 1 }).where('no', '=', entryNo).execute();
}

async function savePin(trx: Transaction<Schema>, { entryNo, otherNo, kind }: Pin, at: Date): Promise<void> {
  const [first, second] = entryNo < otherNo ? [entryNo, otherNo] : [otherNo, entryNo];
  const values = { kind, at: at.getTime() };
  await trx
    .insertInto('pin')
    .values({ entry_no: first, other_no: second, ...values })
    .onConflict((conflict) => conflict.columns(['entry_no', 'other_no']).doUpdateSet(values))
    .execute();
}
