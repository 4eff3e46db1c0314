import type { ExpectedArticle, PageText, SourceBytes } from './model/parsed.ts';

export function createTextExtractor(_options: { readonly timeoutMs: number; readonly memoryMb: number }) {
  return {
    extract: async (_page: SourceBytes, _expected: ExpectedArticle): Promise<PageText> => ({
      kind: 'refused',
      problem: { code: 'page/no-text', message: 'stub' },
    }),
    close: async () => undefined,
  };
}
