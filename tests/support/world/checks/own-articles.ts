import type { Story } from '../../../../src/model/story.ts';
import { createDiscretion } from '../discretion.ts';
import { createFates } from '../fates.ts';
import type { Truth } from '../truth.ts';
import { articlesIn } from '../words.ts';
import type { World } from '../world.ts';

/** Checks the articles of the owner's folders, and that no private address is printed. `note` is
 *  called after each run, before the stories are checked: it says which articles are owed. `check`
 *  returns what does not hold, in words. */
export function createOwnCheck(world: World, truth: Truth) {
  const fates = createFates(world);
  const discretion = createDiscretion(world, truth, fates);
  return {
    note(hasEnded: boolean): void {
      fates.note(hasEnded);
      for (const [article, fate] of fates.all) {
        if (fates.isOwed(fate)) truth.owed.add(article);
        else truth.owed.delete(article);
        if (fate.isChanged) world.revised.add(article);
        if (fate.isLost) world.doubtful.add(article);
      }
      discretion.note();
    },
    check(stories: readonly Story[]): string[] {
      const printed = world.printed.splice(0).map((line) => `a private address is printed: ${line}`);
      const shown = stories.flatMap(({ id, members }) =>
        members.flatMap(({ entry: { revision } }) => {
          const told = articlesIn(`${revision.title} ${revision.text}`);
          return [
            ...told.filter((article) => fates.held.has(article)).map((article) => `story ${id} tells article ${article}, which must wait`),
            ...articlesIn(revision.title).flatMap((article) => {
              const fate = fates.all.get(article);
              if (fate?.state === 'hidden') return [`story ${id} shows article ${article}, which its owner has withdrawn`];
              const lacking = fate?.isLost === false ? fate.edits.filter((edit) => !told.includes(edit)) : [];
              return lacking.map((edit) => `story ${id} lacks edit ${edit} of article ${article}`);
            }),
          ];
        }),
      );
      return [...printed, ...shown];
    },
  };
}
