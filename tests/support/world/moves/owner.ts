import type { StoredEntry } from '../../../../src/model/entry.ts';
import type { CorrectionOutcome, Story } from '../../../../src/model/story.ts';
import { hideMember, hideStory, mergeStories, splitStory } from '../../../../src/run/corrections/corrections.ts';
import { refold } from '../../../../src/run/corrections/refold.ts';
import { publishStories } from '../../../../src/run/publish-stories.ts';
import type { RunContext } from '../../../../src/run/run-context.ts';
import { withRunLock } from '../../../../src/run/run-lock.ts';
import { articlesOf, readAll } from '../checks/stories.ts';
import type { Life } from '../life.ts';
import { pairsOf } from '../owner.ts';
import { Violation } from '../violation.ts';
import { originOf } from '../world.ts';
import { at } from './move.ts';
import type { Moves } from './move.ts';

/** Corrections of the owner, which the world remembers. */
export const corrections: Moves = {
  split: async (life, a, b) => {
    const larger = (await readStories(life)).filter(({ members }) => members.length > 1);
    if (larger.length === 0) return;
    const story = at(larger, a);
    const member = at(story.members, b);
    const others = (await readMembersOf(life, story)).filter(({ entry }) => entry.key !== member.entry.key);
    await correct(life, (context) => splitStory(context, story.key, member.entry.key));
    const pairs = pairsOf(articlesOf({ members: [member] }), articlesOf({ members: others }));
    const { apart, together } = life.world.owner;
    for (const pair of pairs) {
      apart.add(pair);
      together.delete(pair);
    }
  },

  merge: async (life, a, b) => {
    const { world } = life;
    const stories = await readStories(life);
    if (stories.length < 2) return;
    const [one, other] = [at(stories, a), at(stories, b)];
    if (one === other) return;
    const [ones, others] = [
      articlesOf({ members: await readMembersOf(life, one) }),
      articlesOf({ members: await readMembersOf(life, other) }),
    ];
    const outcome = await correct(life, (context) => mergeStories(context, one.key, other.key));
    const [origin, joined] = [ones, others].map(([article = 0]) => originOf(world, article));
    if (origin !== undefined && joined !== undefined && origin !== joined) world.copies.set(joined, origin);
    const pairs = pairsOf([...ones, ...others], [...ones, ...others]);
    for (const pair of pairs) world.owner.apart.delete(pair);
    for (const pair of pairsOf(ones, others)) world.owner.together.add(pair);
    const left = new Set((await readStories(life)).map(({ id }) => id));
    const [older, younger] = one.firstSeenAt < other.firstSeenAt ? [one, other] : [other, one];
    if (outcome.isDone && one.firstSeenAt.getTime() !== other.firstSeenAt.getTime() && (!left.has(older.id) || left.has(younger.id)))
      throw new Violation(`${older.id} is older than ${younger.id}, and did not stay when they were merged`);
  },

  hide: async (life, a) => {
    const stories = await readStories(life);
    if (stories.length === 0) return;
    const { key } = at(stories, a);
    await correct(life, (context) => hideStory(context, key, { isHidden: true }));
    life.world.owner.hiddenStories.add(key);
  },

  unhide: async (life, a) => {
    const { hiddenStories, changed } = life.world.owner;
    if (hiddenStories.size === 0) return;
    const key = at([...hiddenStories], a);
    const evidence = await life.nodes.current.store.readEvidence(key);
    await correct(life, (context) => hideStory(context, key, { isHidden: false }));
    hiddenStories.delete(key);
    if (evidence) changed.add(evidence.id);
  },

  hideEntry: async (life, a, b) => {
    const stories = await readStories(life);
    if (stories.length === 0) return;
    const story = at(stories, a);
    const member = at(story.members, b);
    await correct(life, (context) => hideMember(context, story.key, member.entry.key, { isHidden: true }));
    for (const article of articlesOf({ members: [member] })) life.world.owner.hiddenEntries.set(member.entry.key, article);
  },

  unhideEntry: async (life, a) => {
    const { hiddenEntries } = life.world.owner;
    if (hiddenEntries.size === 0) return;
    const key = at([...hiddenEntries.keys()], a);
    await correct(life, (context) => hideStory(context, key, { isHidden: false }));
    hiddenEntries.delete(key);
  },

  refold: (life) => correct(life, refoldAll),
};

async function readStories({ nodes }: Life): Promise<readonly Story[]> {
  return readAll(nodes.current.store);
}

/** Returns the entries of a story, also those that are taken down. */
async function readMembersOf({ nodes }: Life, { key, members }: Story): Promise<readonly { readonly entry: StoredEntry }[]> {
  return (await nodes.current.store.readEvidence(key))?.members ?? members;
}

/** Makes a correction, again when its process was killed. Notes the stories whose members it has
 *  changed. */
export async function correct(life: Life, work: (context: RunContext) => Promise<CorrectionOutcome>): Promise<CorrectionOutcome> {
  const before = await readMembers(life);
  let tries = 0;
  const outcome = await life.insist(async (context) => {
    const isAgain = tries++ > 0;
    const made = await work(context);
    // The killed process had made the correction, and not published it. Any other one does so.
    if (isAgain && !made.isDone)
      for (const { key } of await readAll(context.store)) if ((await hideStory(context, key, { isHidden: false })).isDone) break;
    return made;
  });
  const after = await readMembers(life);
  for (const id of new Set([...before.keys(), ...after.keys()]))
    if (before.get(id)?.members !== after.get(id)?.members) life.world.owner.changed.add(id);
  return outcome;
}

async function readMembers(life: Life): Promise<ReadonlyMap<string, { readonly key: string; readonly members: string }>> {
  const stories = await readStories(life);
  return new Map(stories.map(({ id, key, members }) => [id, { key, members: members.map(({ entry }) => entry.key).join(' ') }]));
}

/** Folds everything of the window anew, as `newsfold refold` does. */
async function refoldAll(context: RunContext): Promise<CorrectionOutcome> {
  const { store, clock } = context;
  return withRunLock(context, async () => {
    const folds = new Map((await store.readSources()).map(({ source }) => [source.id, source.fold]));
    const { moved } = await refold(context, folds, new AbortController().signal);
    const moves = moved.map(({ membership, ...move }) => ({ entryNo: membership.entryNo, ...move }));
    await store.moveEntries(moves, [], clock.now());
    await publishStories(context, () => false);
    return { isDone: true, isUnknown: false, message: '' };
  });
}
