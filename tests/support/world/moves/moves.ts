import { answers } from './answers.ts';
import { documents } from './documents.ts';
import { folders } from './folders.ts';
import type { Moves } from './move.ts';
import { names } from './names.ts';
import { ordinary } from './ordinary.ts';
import { pushes } from './pushes.ts';
import { processes } from './processes.ts';

/** Everything that a world may do wrong, by name. */
export const misbehaviours: Moves = { ...names, ...documents, ...folders, ...answers, ...pushes, ...processes };

/** All moves by name. */
export const moves: Moves = { ...ordinary, ...misbehaviours };
