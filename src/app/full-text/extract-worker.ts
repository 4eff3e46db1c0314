import { NewsfoldError } from '../../model/errors.ts';
import type { ExpectedArticle, PageText, SourceBytes } from '../../model/parsed.ts';
import { parseFullText } from '../../parse/full-text/full-text.ts';
import { answerQuestions } from '../../runtime/thread-port.ts';

/** The question of the thread that linked pages are read in: a page, and what its feed said of
 *  it. */
export interface ExtractCalls {
  readonly read: { readonly given: { readonly page: SourceBytes; readonly expected: ExpectedArticle }; readonly answer: PageText };
}

/** The thread that linked pages are read in, so that a hostile one can be stopped. It works one
 *  page at a time. */
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
