import type { Fetcher, FetchResult } from '../../ports/fetcher.ts';

/** Returns a Fetcher that repeats the answer to the first request of a URL instead of sending it
 *  again. A command that inspects a source and then reads it thus sends one request, as a reader
 *  would (docs/polling.md A1, A5). */
export function createReplay(fetcher: Fetcher): Fetcher {
  const answers = new Map<string, Promise<FetchResult>>();
  return {
    fetch(request) {
      if (request.etag !== null || request.lastModified !== null) return fetcher.fetch(request);
      const key = JSON.stringify([request.url, request.options]);
      const answer = answers.get(key) ?? fetcher.fetch(request);
      answers.set(key, answer);
      return answer;
    },
    close: () => fetcher.close(),
  };
}
