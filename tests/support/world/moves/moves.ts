import { answers } from './answers.ts';
import { documents } from './documents.ts';
import { folders } from './folders.ts';
import type { Moves } from './move.ts';
import { names } from './names.ts';
import { ordinary } from './ordinary.ts';
import { corrections } from './owner.ts';
import { processes } from './processes.ts';

/** Everything that a world may do wrong, by kind and name. */
export const misbehaviours: Readonly<Record<string, Moves>> = { names, documents, answers, folders, processes, corrections };

/** All moves by name. */
export const moves: Moves = Object.assign({}, ordinary, ...Object.values(misbehaviours));
