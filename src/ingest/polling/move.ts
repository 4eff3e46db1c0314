import type { Move } from '../../model/source.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** A move is believed when so many usable answers have come from the new address … */
const PROOFS = 3;
/** … over this long: a hotel's portal, a mistake in a server's configuration and a stolen domain
 *  are mended within a day or two. */
const PROOF_MS = 2 * DAY_MS;
/** After so many failures in a row at the new address the configured one is asked again. */
const MAX_FAILURES = 3;

/** What one poll says of where a source lives. */
interface MoveSign {
  readonly isFailed: boolean;
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** Where permanent redirects alone led from what was asked; null when there was none, or a
   *  temporary one came first. */
  readonly movedTo: string | null;
  readonly at: Date;
}

/** The evidence of a move after one more poll (RFC 9110 §15.4.2, §15.4.9; docs/polling.md A10). A
 *  permanent redirect is followed at once and adopted after repeated proof over days; any answer
 *  without it, and one that leads elsewhere, begins anew. An adopted address that redirects
 *  further, or fails again and again, is given up: the configured one is asked, and its redirects
 *  followed, until there is proof again. */
export function followMove(move: Move | null, sign: MoveSign): Move | null {
  const { isFailed, failures, movedTo, at } = sign;
  if (isFailed) return move?.isAdopted === true && failures >= MAX_FAILURES ? null : move;
  if (movedTo === null) return move?.isAdopted === true ? move : null;
  if (move?.isAdopted === true || move?.to !== movedTo) return { to: movedTo, since: at, proofs: 1, isAdopted: false };
  const proofs = move.proofs + 1;
  return { ...move, proofs, isAdopted: proofs >= PROOFS && at.getTime() - move.since.getTime() >= PROOF_MS };
}
