import type { StoryRequest } from './serve/parts.ts';
import { createFrame } from './serve/pages/frame.ts';
import { storyPage } from './serve/pages/story.ts';
import { toStoryDetail } from './serve/story-detail.ts';
import { answerRequests } from './thread-port.ts';

/** The result: the page's HTML, or the story as the API gives it. */
export type StoryResult = { readonly page: string } | { readonly detail: object };

/** The process that long stories are shown by: to clean their texts, and to compare their versions, takes a part of a second, and memory. It has no store: it is given what
 *  it is to show. */
if (import.meta.main)
  answerRequests<StoryRequest, StoryResult>(({ site, feeds }) => ({
    async answer(request) {
      if (request.kind === 'detail') return { detail: toStoryDetail(request.view) };
      return { page: String(await storyPage(createFrame(site, feeds, request.frame), request.view)) };
    },
    stop: async () => undefined,
  }));
