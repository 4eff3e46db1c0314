import type { Move } from '../../model/source.ts';
import { DAY_MS } from '../../model/values/time.ts';

/** Usable answers from the new address that are needed before a move is adopted. */
const PROOFS = 3;
/** Time that these answers must span. A hotel's portal, a server's wrong configuration and a stolen
 *  domain are usually corrected within a day or two. */
const PROOF_MS = 2 * DAY_MS;
/** After this many failures in a row at the new address the configured one is requested again. */
const MAX_FAILURES = 3;

/** The evidence of one poll about the address of a source. */
interface MoveSign {
  readonly isFailed: boolean;
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** Target of the permanent redirects from the requested address; null when there was none, or a
   *  temporary one came first. */
  readonly movedTo: string | null;
  readonly at: Date;
}

/** Returns the evidence of a move after one more poll (RFC 9110 §15.4.2, §15.4.9; docs/polling.md
 *  A10). A permanent redirect is followed at once, and adopted after repeated proof over days. An
 *  answer without it, or with another target, begins anew. An adopted address that redirects
 *  further, or fails repeatedly, is given up. The configured one is then requested, and its
 *  redirects followed, until there is proof again. */
export function followMove(move: Move | null, sign: MoveSign): Move | null {
  const { isFailed, failures, movedTo, at } = sign;
  if (isFailed) return move?.isAdopted === true && failures >= MAX_FAILURES ? null : move;
  if (movedTo === null) return move?.isAdopted === true ? move : null;
  if (move?.isAdopted === true || move?.to !== movedTo) return { to: movedTo, since: at, proofs: 1, isAdopted: false };
  const proofs = move.proofs + 1;
  return { ...move, proofs, isAdopted: proofs >= PROOFS && at.getTime() - move.since.getTime() >= PROOF_MS };
}
