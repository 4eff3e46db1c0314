import { answers } from './answers.ts';
import { copies } from './copies.ts';
import { dates } from './dates.ts';
import { clocks } from './clock.ts';
import { configuration } from './configuration.ts';
import { documents } from './documents.ts';
import { folders } from './folders.ts';
import type { Moves } from './move.ts';
import { names } from './names.ts';
import { ordinary } from './ordinary.ts';
import { corrections } from './owner.ts';
import { pushes } from './pushes.ts';
import { processes } from './processes.ts';
import { secrets } from './secrets.ts';
import { texts } from './texts.ts';

/** Everything that a world may do wrong, by kind and name. */
export const misbehaviours: Readonly<Record<string, Moves>> = {
  names,
  dates,
  texts,
  copies,
  documents,
  answers,
  pushes,
  secrets,
  folders,
  processes,
  corrections,
  configuration,
  clocks,
};

/** All moves by name. */
export const moves: Moves = Object.assign({}, ordinary, ...Object.values(misbehaviours));
