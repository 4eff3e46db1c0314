/** Reads which alerts the owner has received. */
export interface AlertReads {
  /** Returns the state of the alerts that the owner has received; null before the first. */
  readAlertState(): Promise<string | null>;
}

/** Writes which alerts the owner has received. */
export interface AlertWrites {
  /** Replaces the state `before` by `after`. Returns false and does nothing when the stored
   *  state is not `before`. */
  replaceAlertState(before: string | null, after: string): Promise<boolean>;
}

export type AlertStore = AlertReads & AlertWrites;
