import { hashWord, isNumberHash } from '../prepare/hashes.ts';
import type { Profile } from '../prepare/profile.ts';
import { align, countSwaps } from './alignment.ts';
import { NO_BODY } from './features.ts';
import type { Features } from './features.ts';

/** Words by which a publisher marks a corrected or updated version, in canonical form. */
const MARKS =
  'corrected correction corrects corrigendum update updated refile refiles clarification clarified erratum amended ' +
  'corrige corrigee rectificatif rectification correctif actualise actualisation maj ' +
  'berichtigung berichtigt korrektur korrigiert aktualisiert aktualisierung richtigstellung ' +
  'correccion corregido corregida rectificacion actualizacion actualizado actualizada ' +
  'correzione corretto rettifica aggiornamento aggiornato errata ' +
  '更正 更新 订正 勘误 修订 訂正 修正 更訂';
const marks: ReadonlySet<number> = new Set(MARKS.split(' ').map(hashWord));
const longMark = ['mise', 'a', 'jour'].map(hashWord);

/** Words of a title or a text among which a mark stands. */
const FIRST = 3;
/** Most numbers and words that a correction replaces. */
const MOST_REPLACED = 2;
/** Least share of the longer text, and of the shorter one, that both have in the same order. */
const OF_LONGER = 0.75;
const OF_SHORTER = 0.9;
/** Most of a title's rare words that may be others under the mark. */
const OTHER_TITLE = 0.35;

/** Reports whether exactly one of two texts is marked as a correction, in its title or its first
 *  line, and both are nearly equal. */
export function isCorrection(a: Profile, b: Profile, features: Features): boolean {
  if (isMarked(a) === isMarked(b)) return false;
  if (Math.min(a.bodyCount, b.bodyCount) < NO_BODY || features.titleSwap > OTHER_TITLE) return false;
  const alignment = align(a.body, b.body);
  const [shorter, longer] = [Math.min(a.body.length, b.body.length), Math.max(a.body.length, b.body.length)];
  const swaps = countSwaps(alignment, a.body, b.body, () => true);
  return alignment.common >= Math.max(OF_LONGER * longer, OF_SHORTER * shorter) && swaps.numbers + swaps.words <= MOST_REPLACED;
}

function isMarked({ title, body }: Profile): boolean {
  return [title, body].some(
    (words) =>
      words.subarray(0, FIRST).some((word) => !isNumberHash(word) && marks.has(word)) || longMark.every((word, at) => words[at] === word),
  );
}
