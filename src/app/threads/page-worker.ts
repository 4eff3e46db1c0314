import type { AppConfig } from '../../config/config.ts';
import type { FrameOptions } from '../../serve/pages/frame/frame.ts';
import { createFrame } from '../../serve/pages/frame/frame.ts';
import { storyPage } from '../../serve/pages/story/story.ts';
import { toStoryDetail } from '../../serve/routes/story-detail.ts';
import type { StoryView } from '../../model/view.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';

/** The questions of the process that shows long stories: for the page's HTML, and for the story as
 *  the API gives it. */
export interface PageCalls {
  readonly page: { readonly given: { readonly view: StoryView; readonly frame: FrameOptions }; readonly answer: string };
  readonly detail: { readonly given: { readonly view: StoryView }; readonly answer: object };
}

/** The process that long stories are shown by: to clean their texts, and to compare their versions,
 *  takes a part of a second, and memory. It has no store: it is given what it is to show. */
if (import.meta.main)
  answerQuestions<PageCalls>(({ site, feeds }: AppConfig) => ({
    answers: {
      page: async ({ view, frame }) => String(await storyPage(createFrame(site, feeds, frame), view)),
      detail: async ({ view }) => toStoryDetail(view),
    },
    stop: async () => undefined,
  }));
