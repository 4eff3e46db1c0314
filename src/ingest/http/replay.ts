import type { Fetcher, FetchResult } from '../../ports/fetcher.ts';

/** A Fetcher that asks for nothing twice: a first request that was answered is answered the same
 *  again. A command that has looked at a source and then reads it makes one request, as a reader
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
