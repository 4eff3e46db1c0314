import { NewsfoldError } from '../../model/errors.ts';
import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';
import { parseFullText } from '../../parse/full-text/full-text.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';

/** The call of the extracting thread: a page and what its feed says of the article. */
export interface ExtractCalls {
  readonly read: { readonly given: { readonly page: SourceBytes; readonly expected: ExpectedArticle }; readonly answer: PageText };
}

/** Runs in the extracting thread, so that a hostile page can be stopped. It reads one page at a
 *  time. */
if (import.meta.main)
  answerQuestions<ExtractCalls>(() => ({
    answers: {
      async read({ page, expected }) {
        try {
          return parseFullText(page, expected);
        } catch (error) {
          throw new NewsfoldError('page/unreadable', error instanceof Error ? error.message : 'unknown', { cause: error });
        }
      },
    },
    stop: async () => undefined,
  }));
