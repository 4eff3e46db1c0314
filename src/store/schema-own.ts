/** A file of a folder of own articles that is held back, or for which something is due. */
export interface OwnFileRow {
  source_id: string;
  location: string;
  content_hash: string;
  title: string;
  /** null when it is shown, and something is due. */
  reason: string | null;
  code: string;
  message: string;
  line: number | null;
  mend: string | null;
  due_at: number | null;
  /** 1 while a version of it is published. */
  shown: number;
}
