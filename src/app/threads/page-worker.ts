import type { AppConfig } from '../../config/config.ts';
import type { FrameOptions } from '../../serve/pages/frame/frame.ts';
import { createFrame } from '../../serve/pages/frame/frame.ts';
import { storyPage } from '../../serve/pages/story/story.ts';
import { toStoryDetail } from '../../serve/routes/story-detail.ts';
import type { StoryView } from '../../model/view.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';

/** The calls of the process that renders long stories: a page as HTML, and a story as the API
 *  gives it. */
export interface PageCalls {
  readonly page: { readonly given: { readonly view: StoryView; readonly frame: FrameOptions }; readonly answer: string };
  readonly detail: { readonly given: { readonly view: StoryView }; readonly answer: object };
}

/** The process that renders long stories: sanitising their texts and comparing versions takes a
 *  fraction of a second, and memory. It has no store; each call brings its story. */
if (import.meta.main)
  answerQuestions<PageCalls>(({ site, feeds }: AppConfig) => ({
    answers: {
      page: async ({ view, frame }) => String(await storyPage(createFrame(site, feeds, frame), view)),
      detail: async ({ view }) => toStoryDetail(view),
    },
    stop: async () => undefined,
  }));
