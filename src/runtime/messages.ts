/** A question that a thread can be asked. */
export interface Call {
  readonly given: unknown;
  readonly answer: unknown;
  /** Type of the pieces that come before the answer, where it has any. */
  readonly part?: unknown;
}

/** All questions of a thread, by name. */
export type Calls<C> = { readonly [N in keyof C]: Call };

/** The type of the pieces that come before an answer. */
export type PartOf<C> = C extends { readonly part: infer P } ? P : never;

/** A message to a thread. The first one is `open`, with which the thread makes what answers. After
 *  `stop` it finishes what it has begun, and ends. */
export type ToThread =
  | { readonly kind: 'open'; readonly setup: unknown }
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly given: unknown }
  | { readonly kind: 'stop' };

/** A message from a thread. `ready` comes once, before all others, and `ended` after all others;
 *  `id` is that of the question. Errors cross as plain data. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'part'; readonly id: number; readonly part: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 };

/** A process or thread that has been started. */
export interface Carrier {
  /** Sends a message. One that cannot be sent is lost: `onEnd` follows. */
  readonly send: (message: ToThread) => void;
  /** Sets whether the program waits for it before it ends. */
  readonly hold: (isHeld: boolean) => void;
  /** Ends it at once, in the middle of its work. */
  readonly kill: () => Promise<void>;
}

/** The events of a carrier. */
export interface CarrierEvents {
  readonly onMessage: (message: FromThread) => void;
  /** Called once, when nothing comes any more. `isDeath` is false when it ended by itself and
   *  without a fault. */
  readonly onEnd: (reason: string, isDeath: boolean) => void;
}
