/** An item that is set aside; see model/set-aside.ts. */
export interface SetAsideRow {
  /** Key of kind, stage, source and name. */
  id: string;
  source_id: string;
  what: string;
  name: string;
  no: number | null;
  stage: string;
  reason: string;
  message: string;
  mark: string | null;
  version: string;
  at: number;
  tries: number;
  is_open: number;
}

/** A source that a run works on. */
export interface InHandRow {
  source_id: string;
  stage: string;
  /** SHA-256 of its document; null when it is none, or not one alone. */
  mark: string | null;
  at: number;
  /** 0 once a run has died over it, until the next takes it in hand. */
  is_held: number;
  deaths: number;
}
