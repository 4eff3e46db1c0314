import { Trial } from '../runtime/set-aside-failing.ts';
import type { SetAsideWrites } from '../ports/store/set-aside.ts';
import type { StaticViews } from '../serve/pages/static-site.ts';
import { readStoryAnswer } from '../views/story.ts';
import { readSourcesView } from '../views/sources.ts';
import { readStoryList } from '../views/stories.ts';
import type { ViewContext } from '../views/stories.ts';

/** Returns the current views for static pages. */
export function toStaticViews(context: ViewContext & { readonly store: SetAsideWrites }): StaticViews {
  const trial = new Trial('render');
  return {
    at: context.clock.now(),
    readList: (feeds, selection) => readStoryList(context, feeds, selection),
    readStory: async (key) => {
      const answer = await readStoryAnswer(context, key, () => false);
      return answer.kind === 'shown' ? answer.view : null;
    },
    readSources: (feeds) => readSourcesView(context, feeds),
    attempt: (no, make) => trial.attemptLater({ what: 'story', no }, make),
    conclude: () => trial.conclude(context),
  };
}
