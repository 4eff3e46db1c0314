import type { Told } from './news.ts';
import type { Item } from './world.ts';

/** The first version of an article. */
interface Plain {
  readonly said: string;
  readonly template: string;
}

/** Everything that the world has shown to the program so far. */
export interface Truth {
  /** By source and article, the versions of which the program may have seen each last. After a
   *  whole document there is one. */
  readonly shown: Map<string, Map<number, readonly Item[]>>;
  /** By source and name, the articles that ever had it. */
  readonly users: Map<string, Set<number>>;
  /** Articles that a run which ended was given whole: each must be published. */
  readonly owed: Set<number>;
  /** Articles that nobody could tell from another one of their source: each may be taken for it. */
  readonly lookalikes: Set<number>;
  /** By title, the articles that ever had it, each with its source, and the titles that ever stood
   *  alone. */
  readonly titles: Map<string, Map<number, string>>;
  readonly headlines: Set<string>;
  /** By source and article, the words of which readers have certainly been told. */
  readonly told: Map<string, Told>;
  /** By source and article, the words and the template of a version that has never changed but for
   *  its template; null for all others. */
  readonly plain: Map<string, Plain | null>;
  /** Source and article of each change of which the last run must have told readers. */
  readonly news: Set<string>;
}

/** Returns the truth of a world that has shown nothing. */
export function createTruth(): Truth {
  return {
    shown: new Map(),
    users: new Map(),
    owed: new Set(),
    lookalikes: new Set(),
    titles: new Map(),
    headlines: new Set(),
    told: new Map(),
    plain: new Map(),
    news: new Set(),
  };
}
