import { copies } from './copies.ts';
import { dates } from './dates.ts';
import { documents } from './documents.ts';
import type { Moves } from './move.ts';
import { names } from './names.ts';
import { ordinary } from './ordinary.ts';
import { processes } from './processes.ts';
import { texts } from './texts.ts';

/** Everything that a world may do wrong, by name. */
export const misbehaviours: Moves = { ...names, ...dates, ...texts, ...copies, ...documents, ...processes };

/** All moves by name. */
export const moves: Moves = { ...ordinary, ...misbehaviours };
