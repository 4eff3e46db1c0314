/** Reads the configuration that all nodes of this store must have. */
export interface ClusterReads {
  /** Compares a configuration with the current one of the cluster. `isPresent`: it is the
   *  current one; true also when there were no nodes yet. `wasPresent`: it was the current one
   *  earlier. `othersAreAlive`: nodes with the current one are alive. */
  compareConfig(hash: string): Promise<{ readonly isPresent: boolean; readonly wasPresent: boolean; readonly othersAreAlive: boolean }>;
}

/** Registers nodes and sets their configuration. */
export interface ClusterWrites {
  /** Registers a living node with this configuration, until the returned function is called or
   *  the process ends. After a power failure it takes up to a minute to notice. */
  announceNode(hash: string): Promise<() => Promise<void>>;
  /** Makes this the current configuration and remembers the previous one. Returns false and does
   *  nothing when this one was already replaced: it belongs to an old node. Returning to an old
   *  one needs `isDeliberate`, or a file saved since. */
  takeUpConfig(hash: string, options: { readonly isDeliberate: boolean; readonly savedAt: Date; readonly at: Date }): Promise<boolean>;
}

export type ClusterStore = ClusterReads & ClusterWrites;
