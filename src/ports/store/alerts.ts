/** Reads which alerts the owner has had. */
export interface AlertReads {
  /** The state of the alerts that the owner has had; null before the first time. */
  readAlertState(): Promise<string | null>;
}

/** Writes which alerts the owner has had. */
export interface AlertWrites {
  /** Replaces the state `before` by `after`. Returns false, and does nothing, when the state was
   *  something else. */
  replaceAlertState(before: string | null, after: string): Promise<boolean>;
}

export type AlertStore = AlertReads & AlertWrites;
