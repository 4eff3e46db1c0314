/** An article as its local file states it; null for values that the file does not have. */
export interface LocalArticle {
  readonly title: string;
  readonly html: string;
  readonly id: string | null;
  readonly url: string | null;
  readonly summary: string | null;
  readonly published: string | null;
  readonly updated: string | null;
  readonly authors: readonly string[];
  readonly tags: readonly string[];
  readonly language: string | null;
  readonly image: string | null;
}
