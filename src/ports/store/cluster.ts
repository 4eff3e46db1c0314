/** Reads which configuration the nodes of this store go by. */
export interface ClusterReads {
  /** Compares a configuration with the nodes' present one. `isPresent`: it is that one, as any is
   *  before there were nodes. `wasPresent`: it was so earlier. `othersAreAlive`: nodes of the present
   *  one are alive. */
  compareConfig(hash: string): Promise<{ readonly isPresent: boolean; readonly wasPresent: boolean; readonly othersAreAlive: boolean }>;
}

/** Writes which nodes there are and which configuration they go by. */
export interface ClusterWrites {
  /** Makes known that a node of this configuration is alive, until the returned function is called
   *  or the process ends: within a minute where a machine has lost its power. */
  announceNode(hash: string): Promise<() => Promise<void>>;
  /** Makes this configuration the nodes' present one; the one before is remembered. Returns false,
   *  and does nothing, when this one was replaced itself: an old node comes back. Going back is
   *  possible when it `isDeliberate`, or the file was saved since. */
  takeUpConfig(hash: string, options: { readonly isDeliberate: boolean; readonly savedAt: Date; readonly at: Date }): Promise<boolean>;
}

export type ClusterStore = ClusterReads & ClusterWrites;
