import type { Source } from './model/source.ts';
import type { WaitingPush } from './ports/push-store.ts';
import { readPushed } from './read-pushed.ts';
import type { PushOutcome } from './read-pushed.ts';
import { readSource } from './read-source.ts';
import type { SourceOutcome } from './read-source.ts';
import type { ReadOptions } from './reading.ts';
import type { RunParts } from './run-parts.ts';

/** What came of a source that is due: of what was pushed for it, and of polling it; null for what was not done. */
export interface DueOutcome {
  readonly pushed: PushOutcome | null;
  readonly polled: SourceOutcome | null;
}

/** Reads what waits in the queue for a source, then polls it if that is due: by the schedule, or because what was pushed is not enough (`isDueWhen`
 *  knows both). A wish to be polled that cannot be granted yet stays for a later run. */
export async function readDue(
  parts: RunParts,
  source: Source,
  options: Omit<ReadOptions, 'isPushed'>,
  { waiting, isDueWhen }: { readonly waiting: WaitingPush; readonly isDueWhen: (how: { readonly isAsked: boolean }) => boolean },
): Promise<DueOutcome> {
  const { store, clock } = parts;
  const read: ReadOptions = { ...options, isPushed: waiting.aliveUntil !== null };
  const pushed = waiting.documents > 0 ? await readPushed(parts, source, read) : null;
  const isAsked = waiting.pollAskedAt !== null || pushed?.needsPoll === true;
  if (options.isOver() || !isDueWhen({ isAsked })) {
    if (pushed?.needsPoll === true) await store.askForPoll(source.id, clock.now(), 0);
    return { pushed, polled: null };
  }
  const askedAt = clock.now();
  const polled = await readSource(parts, source, pushed === null ? read : { ...read, poll: pushed.poll });
  if (isAsked) await store.endPollWish(source.id, askedAt);
  return { pushed, polled };
}
