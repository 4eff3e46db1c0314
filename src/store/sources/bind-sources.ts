import type { Selectable, Transaction } from 'kysely';
import type { Source, SourceDeclaration } from '../../model/source.ts';
import { DAY_MS } from '../../model/values/time.ts';
import { toJsonColumn } from '../sql/rows.ts';
import type { Schema, SourceRow } from '../schema/schema.ts';
import { mintSourceId } from './source-id.ts';
import { noteTags } from './source-tags.ts';

/** Time for which the poll state of a removed source is kept (docs/design.md §65). */
const STATE_KEPT_MS = 30 * DAY_MS;

/** Binds declared sources to ids and marks all others as removed; see the port. A source that
 *  returns after a while, or has another address, starts with an empty poll state and its known
 *  entries. */
export async function bindSources(
  trx: Transaction<Schema>,
  declarations: readonly SourceDeclaration[],
  at: Date,
): Promise<readonly Source[]> {
  // In order of creation: of two sources with the same address the later one counts, in every
  // store.
  const rows = await trx.selectFrom('source').selectAll().orderBy('created_at').orderBy('id').execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byAddress = new Map(rows.map((row) => [`${row.kind} ${row.address}`, row]));
  const named = new Set(declarations.flatMap((declaration) => declaration.id ?? []));
  const bound: Source[] = [];
  const taken = new Set<string>();
  for (const declaration of declarations) {
    const atAddress = byAddress.get(`${declaration.kind} ${declaration.address}`) ?? findPrevious(declaration, byAddress);
    const free = atAddress && !taken.has(atAddress.id) && (declaration.id !== null || !named.has(atAddress.id)) ? atAddress : undefined;
    const known = declaration.id === null ? free : (byId.get(declaration.id) ?? free);
    const id = declaration.id ?? known?.id ?? mintSourceId(declaration, (slug) => byId.has(slug) || named.has(slug) || taken.has(slug));
    const source: Source = { ...declaration, id };
    taken.add(id);
    bound.push(source);
    const settings = toSettings(source);
    const isNamed = declaration.id === null ? 0 : 1;
    if (!known) {
      const row = {
        id,
        kind: source.kind,
        address: source.address,
        named: isNamed,
        active: 1,
        created_at: at.getTime(),
        settings,
        failures: 0,
        history: '',
        gone: 0,
      };
      await trx
        .insertInto('source')
        .values({ ...emptyRow, ...row })
        .execute();
    } else if (
      known.id !== id ||
      known.address !== source.address ||
      known.settings !== settings ||
      known.active === 0 ||
      known.kind !== source.kind
    ) {
      const isExpired = known.removed_at !== null && at.getTime() - known.removed_at > STATE_KEPT_MS;
      const hasMoved = known.address !== source.address || known.kind !== source.kind;
      const state = hasMoved || isExpired ? emptyPollState : {};
      const row = { id, kind: source.kind, address: source.address, named: isNamed, active: 1, removed_at: null, settings, ...state };
      await trx.updateTable('source').set(row).where('id', '=', known.id).execute();
      await noteTags(trx, id, { before: known.settings, after: settings }, at);
    }
  }
  const removed = rows.filter(
    (row) => row.active === 1 && !taken.has(row.id) && !bound.some((source) => source.kind === row.kind && source.address === row.address),
  );
  for (const row of removed)
    await trx.updateTable('source').set({ active: 0, removed_at: at.getTime() }).where('id', '=', row.id).execute();
  return bound;
}

/** Finds the source that the declaration had before its address changed. It keeps its entries
 *  and its id. */
function findPrevious({ kind, previous }: SourceDeclaration, byAddress: ReadonlyMap<string, Selectable<SourceRow>>) {
  if (previous === null || (kind !== 'feed' && kind !== 'page')) return undefined;
  return byAddress.get(`feed ${previous}`) ?? byAddress.get(`page ${previous}`);
}

/** The poll state of a source of which nothing is known. It belongs to one address and is kept
 *  for a limited time. */
export const emptyPollState = {
  etag: null,
  last_modified: null,
  body_hash: null,
  next_poll_at: null,
  not_before_at: null,
  gone: 0,
  failures: 0,
  history: '',
  problem_code: null,
  problem_message: null,
  move: null,
  found: null,
  push: null,
  cut_polls: null,
  first_read_at: null,
} satisfies Partial<SourceRow>;

const emptyRow = {
  removed_at: null,
  feed_title: null,
  home_page: null,
  feed_id: null,
  feed_language: null,
  etag: null,
  last_modified: null,
  body_hash: null,
  last_poll_at: null,
  last_success_at: null,
  last_entry_at: null,
  next_poll_at: null,
  not_before_at: null,
  problem_code: null,
  problem_message: null,
  wishes: null,
  gap_ms: null,
  newest_at: null,
  move: null,
  notice: null,
  found: null,
  push: null,
  cut_polls: null,
  first_read_at: null,
} satisfies Partial<SourceRow>;

/** The stored part of a declaration: no headers, no credentials. */
export type Settings = Pick<
  Source,
  'title' | 'tags' | 'priority' | 'intervalMs' | 'fullText' | 'fold' | 'previous' | 'private' | 'language'
>;

function toSettings(source: Source): string {
  const { title, tags, priority, intervalMs, fullText, fold, previous, private: hidden, language } = source;
  const settings: Settings = { title, tags, priority, intervalMs, fullText, fold, previous, private: hidden, language };
  return toJsonColumn(settings);
}
