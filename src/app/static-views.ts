import { Trial } from '../runtime/trial.ts';
import type { SetAsideWrites } from '../ports/store/set-aside.ts';
import type { StaticViews } from '../serve/pages/static-site.ts';
import { readStoryAnswer } from '../views/story.ts';
import { readSourcesView } from '../views/sources.ts';
import { readList } from '../views/stories.ts';
import type { ViewParts } from '../views/stories.ts';

/** Returns the views of which static pages are made, as they stand now. */
export function toStaticViews(parts: ViewParts & { readonly store: SetAsideWrites }): StaticViews {
  const trial = new Trial('render');
  return {
    at: parts.clock.now(),
    readList: (feeds, selection) => readList(parts, feeds, selection),
    readStory: async (key) => {
      const answer = await readStoryAnswer(parts, key, () => false);
      return answer.kind === 'shown' ? answer.view : null;
    },
    readSources: (feeds) => readSourcesView(parts, feeds),
    attempt: (no, make) => trial.attemptLater({ what: 'story', no }, make),
    conclude: () => trial.conclude(parts),
  };
}
