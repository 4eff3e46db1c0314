import type { StoredEntry } from '../../model/entry.ts';
import type { Pin } from '../../model/fold.ts';
import type { CorrectionOutcome, Verdict } from '../../model/story.ts';
import type { EntryMove } from '../../ports/store/folding.ts';
import type { MemberEvidence, StoryEvidence } from '../../ports/store/stories.ts';
import { publishStories } from '../publish-stories.ts';
import { withRunLock } from '../run-lock.ts';
import type { RunContext } from '../run-context.ts';
import { noteArchived } from '../../feeds/archives/takedown.ts';

/** Context for correcting stories. */
export type CorrectionContext = Pick<RunContext, 'store' | 'clock' | 'holder' | 'checkConfig'> & {
  readonly settings: Pick<RunContext['settings'], 'feeds' | 'rules'>;
};

/** Takes an entry out of its story permanently: a pin keeps it apart from every other member. The
 *  half with the first entry keeps the id (docs/design.md §63). The arguments are the keys of a
 *  story and of one of its entries.
 *  @throws NewsfoldError `run/locked` while a run is under way. The other functions here throw it
 *  too. */
export function splitStory(context: CorrectionContext, storyKey: string, entryKey: string): Promise<CorrectionOutcome> {
  return correct(context, async () => {
    const story = await context.store.readEvidence(storyKey);
    const member = story?.members.find(({ entry }) => entry.key === entryKey);
    if (!story || !member)
      return refuseUnknown(`the story ${storyKey} has no entry ${entryKey}: newsfold explain ${storyKey} lists its entries`);
    const others = story.members.filter((other) => other !== member);
    const [heir] = others;
    if (!heir) return refuse(`${entryKey} is the only entry of its story`);
    const moves = member.isFounder
      ? others.map((other) => toMove(other, heir.entry.no, other === heir ? founded : null))
      : [toMove(member, member.entry.no, founded)];
    const apart = others.map(({ entry }): Pin => ({ entryNo: member.entry.no, otherNo: entry.no, kind: 'apart' }));
    const together = keepTogether(await context.store.readPins(), member.entry.no);
    await context.store.moveEntries(moves, [...apart, ...together], context.clock.now());
    const made = await context.store.readEvidence((member.isFounder ? heir : member).entry.key);
    const rest = others.length === 1 ? 'other entry' : `${others.length} others`;
    const whose = member.isFounder ? (others.length === 1 ? 'which is' : 'which are') : 'as';
    return done(`entry ${entryKey} is separated from the ${rest} for good, ${whose} the story ${made?.key ?? ''}`);
  });
}

/** Returns pins that keep the entries together which the owner has merged with an entry that leaves
 *  them now. */
function keepTogether(pins: readonly Pin[], entryNo: number): Pin[] {
  const merged = pins.flatMap((pin) => (pin.kind === 'together' && [pin.entryNo, pin.otherNo].includes(entryNo) ? pin : []));
  const others = merged.map((pin) => (pin.entryNo === entryNo ? pin.otherNo : pin.entryNo)).toSorted((a, b) => a - b);
  return others.slice(1).map((otherNo, index) => ({ entryNo: others[index] ?? otherNo, otherNo, kind: 'together' }));
}

/** Merges two stories permanently. The story that was made first stays, the other one is withdrawn.
 *  A key may also be that of an entry of the story. */
export function mergeStories(context: CorrectionContext, firstKey: string, secondKey: string): Promise<CorrectionOutcome> {
  return correct(context, async () => {
    const [one, other] = [await context.store.readEvidence(firstKey), await context.store.readEvidence(secondKey)];
    if (!one || !other) return refuseUnknown(`no story has the key ${one ? secondKey : firstKey}: newsfold stories lists them`);
    if (one.no === other.no) return refuse(`${firstKey} and ${secondKey} are one story already`);
    const [stays, goes] = isMadeFirst(one, other) ? [one, other] : [other, one];
    const [founder, joiner] = [stays.members[0], goes.members[0]];
    if (!founder || !joiner) return refuse(toEmpty(founder ? goes : stays));
    const moves = goes.members.map((member) =>
      toMove(member, stays.no, member === joiner ? { comparedWith: founder.entry.no, verdict: together } : null),
    );
    const members = new Set([...stays.members, ...goes.members].map(({ entry }) => entry.no));
    const lifted = (await context.store.readPins()).filter(({ entryNo, otherNo }) => members.has(entryNo) && members.has(otherNo));
    const pins = [...lifted, { entryNo: founder.entry.no, otherNo: joiner.entry.no }].map((pair): Pin => ({ ...pair, kind: 'together' }));
    await context.store.moveEntries(moves, pins, context.clock.now());
    return done(`${goes.key} is merged into ${stays.key} for good, which now has ${members.size} entries`);
  });
}

/** Takes a story or an entry down everywhere, or shows it again. A hidden story also hides every
 *  entry that joins it later. A pruned story that remains in archives alone has no key: its id is
 *  given instead. */
export function hideStory(context: CorrectionContext, key: string, options: { readonly isHidden: boolean }): Promise<CorrectionOutcome> {
  return correct(context, async () => {
    const what = await context.store.hide(key, options.isHidden, context.clock.now());
    if (what === null && options.isHidden && (await noteArchived(context, key)))
      return done(`${key}, which was left in archives only, is taken down`);
    if (what === null) return refuseUnknown(`no story or entry has the key ${key}: newsfold stories lists them`);
    return done(`${what} ${key} is ${options.isHidden ? 'taken down everywhere' : 'shown again'}`);
  });
}

/** Hides or shows a whole story (`entryKey` is null) or one of its entries. */
export async function hideMember(
  context: CorrectionContext,
  storyKey: string,
  entryKey: string | null,
  options: { readonly isHidden: boolean },
): Promise<CorrectionOutcome> {
  const story = await context.store.readEvidence(storyKey);
  if (story?.key !== storyKey) return refuseUnknown(`no story has the key ${storyKey}`);
  if (entryKey === null) return hideStory(context, storyKey, options);
  if (story.members.some(({ entry }) => entry.key === entryKey)) return hideStory(context, entryKey, options);
  return refuseUnknown(`the story ${storyKey} has no entry ${entryKey}`);
}

/** Withdraws all entries of a source and forgets its poll state. Stories that other sources carry
 *  too remain. */
export function purgeSource(context: CorrectionContext, sourceId: string): Promise<CorrectionOutcome> {
  return correct(context, async () => {
    const entries = await context.store.purgeSource(sourceId, context.clock.now());
    return done(
      `${entries === 1 ? '1 entry' : `${entries} entries`} of ${sourceId} ${entries === 1 ? 'is' : 'are'} withdrawn; if the source is added again, its current entries come back`,
    );
  });
}

async function correct(context: CorrectionContext, work: () => Promise<CorrectionOutcome>): Promise<CorrectionOutcome> {
  return withRunLock(context, async () => {
    const correction = await work();
    if (correction.isDone) await publishStories(context, () => false);
    return correction;
  });
}

const RULES = 'owner';
const together: Verdict = { label: 'same', score: 1, why: ['put together by the owner'], rules: RULES, signals: null };
const founded = {
  comparedWith: null,
  verdict: { label: 'different', score: 0, why: ['set apart by the owner'], rules: RULES, signals: null } satisfies Verdict,
};

/** Returns the move of a member to another story. Without a new `reason` the member keeps its
 *  verdict. */
function toMove(
  { entry, verdict, comparedWith }: MemberEvidence,
  storyNo: number,
  reason: Pick<EntryMove, 'comparedWith' | 'verdict'> | null,
): EntryMove {
  return { entryNo: entry.no, storyNo, ...(reason ?? { verdict, comparedWith: comparedWith?.no ?? null }) };
}

function toEmpty({ key, mergedInto }: StoryEvidence): string {
  return mergedInto === null ? `the story ${key} has no entries` : `${key} is part of ${mergedInto} already`;
}

/** Reports whether story `a` was made before story `b`: by the time at which their first entry was
 *  seen. Ties are decided by the source id, then by the entry number. Numbers of several sources
 *  would depend on which source was read first. */
function isMadeFirst(a: StoryEvidence, b: StoryEvidence): boolean {
  const firstOf = ({ members }: StoryEvidence) => members.map(({ entry }) => entry).toSorted(compareSeen)[0];
  const [one, other] = [firstOf(a), firstOf(b)];
  return one !== undefined && other !== undefined && compareSeen(one, other) < 0;
}

function compareSeen(a: StoredEntry, b: StoredEntry): number {
  const bySource = a.sourceId < b.sourceId ? -1 : a.sourceId > b.sourceId ? 1 : a.no - b.no;
  return a.firstSeenAt.getTime() - b.firstSeenAt.getTime() || bySource;
}

function done(message: string): CorrectionOutcome {
  return { isDone: true, isUnknown: false, message };
}

function refuse(message: string): CorrectionOutcome {
  return { isDone: false, isUnknown: false, message };
}

function refuseUnknown(message: string): CorrectionOutcome {
  return { isDone: false, isUnknown: true, message };
}
