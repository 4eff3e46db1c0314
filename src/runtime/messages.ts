/** The argument and answer types of one question to a thread. */
interface Call {
  readonly given: unknown;
  readonly answer: unknown;
  /** Type of the pieces that come before the answer, if the question has any. */
  readonly part?: unknown;
}

/** All questions of a thread, by name. */
export type Calls<C> = { readonly [N in keyof C]: Call };

/** The type of the pieces that come before an answer. */
export type PartOf<C> = C extends { readonly part: infer P } ? P : never;

/** A message to a thread. The first message is `open`: the thread makes its answering functions
 *  from it. After `stop` the thread finishes what it has begun, and ends. */
export type ToThread =
  | { readonly kind: 'open'; readonly setup: unknown }
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly given: unknown }
  | { readonly kind: 'stop' };

/** A message from a thread. `ready` comes once, before all others, and `ended` after all others.
 *  `id` is the id of the question. Errors cross as plain data. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'part'; readonly id: number; readonly part: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string; readonly exitCode: 1 | 2 | 3 };

/** A process or thread that has been started. */
export interface Carrier {
  /** Sends a message. A message that cannot be sent is lost, and `onEnd` follows. */
  readonly send: (message: ToThread) => void;
  /** Sets whether the program stays alive for this carrier. */
  readonly hold: (isHeld: boolean) => void;
  /** Ends the carrier at once, in the middle of its work. */
  readonly kill: () => Promise<void>;
}

/** The events of a carrier. */
export interface CarrierEvents {
  readonly onMessage: (message: FromThread) => void;
  /** Called once, after the last message. `isDeath` is false when the carrier ended by itself and
   *  without a fault. */
  readonly onEnd: (reason: string, isDeath: boolean) => void;
}
