import { endsRun, isRowFault } from '../model/errors.ts';
import type { SourceProblem } from '../model/errors.ts';
import { toAsideProblem } from '../model/set-aside.ts';
import type { FailedItem, Stage } from '../model/set-aside.ts';
import { VERSION } from '../model/version.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SetAsideStore } from '../ports/store/set-aside.ts';
import type { CountReads } from '../ports/store/counts.ts';

/** The name of an item before the store says more: a stored entry or a story has a number, all
 *  else has its names. */
export type ItemName =
  | { readonly what: 'entry' | 'story'; readonly no: number }
  | ({ readonly no: null } & Pick<FailedItem, 'what' | 'sourceId' | 'name' | 'mark'>);

/** The context of ending a trial: where items are set aside, and the log that says so. */
export interface TrialContext {
  readonly store: SetAsideStore & CountReads;
  readonly clock: Clock;
  readonly log?: Log;
}

/** One stage of a run, tried item by item: the one exception to the rule "catch only what you
 *  can name". An item that throws is noted and the others go on. `conclude` then sets it aside,
 *  but only if it has failed alone. Either another item of the stage has succeeded in this run.
 *  Or all items that failed are of one source, and the store has something published that came
 *  through before. If others fail too, no item is at fault, and the run ends with the first
 *  error. A failure of the store, the disk, the memory or an abort is never an item's fault
 *  (`endsRun`). */
export class Trial {
  readonly #stage: Stage;
  readonly #failures: { readonly name: ItemName; readonly error: unknown }[] = [];
  readonly #failed = new Set<string>();
  readonly #unstored: string[] = [];
  /** Some of those that have come through: enough to know that one has. */
  readonly #succeeded = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Whether an item of this name has failed since the trial began. */
  hasFailed(name: ItemName): boolean {
    return this.#failed.has(toText(name));
  }

  /** Names of entries that are not stored and have failed. */
  get failedNames(): readonly string[] {
    return this.#unstored;
  }

  /** Does something for one item; undefined when that has failed. */
  attempt<R>(name: ItemName, work: () => R): R | undefined {
    try {
      const result = work();
      this.#pass(name);
      return result;
    } catch (error) {
      this.#note(name, error);
      return undefined;
    }
  }

  /** The same of what takes its time. */
  async attemptLater<R>(name: ItemName, work: () => Promise<R>): Promise<R | undefined> {
    try {
      const result = await work();
      this.#pass(name);
      return result;
    } catch (error) {
      this.#note(name, error);
      return undefined;
    }
  }

  /** Does something that items take part in together. When that fails, it is done in ever smaller
   *  pieces, in their order, until only those are left that fail alone, twice. `renew` is called
   *  after each failure: it makes anew what the failed work has left half done. */
  async together<T>(
    items: readonly T[],
    nameOf: (item: T) => ItemName,
    work: (items: readonly T[]) => Promise<unknown>,
    renew: () => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    if (items.length === 0) return;
    try {
      await work(items);
      items.forEach((item) => this.#pass(nameOf(item)));
      return;
    } catch (error) {
      if (endsRun(error) && !isRowFault(error)) throw error;
      await renew();
    }
    const [first] = items;
    if (items.length === 1 && first !== undefined) {
      try {
        await work(items);
        this.#pass(nameOf(first));
      } catch (error) {
        if (endsRun(error) && !isRowFault(error)) throw error;
        this.#keep(nameOf(first), error);
        await renew();
      }
      return;
    }
    const middle = Math.ceil(items.length / 2);
    for (const piece of [items.slice(0, middle), items.slice(middle)]) await this.together(piece, nameOf, work, renew);
  }

  /** Returns the result of `work` for all items but those that it fails on. It must change
   *  nothing, since it is done several times then. */
  async sift<T, R>(items: readonly T[], nameOf: (item: T) => ItemName, work: (items: readonly T[]) => Promise<R>): Promise<R> {
    try {
      const result = await work(items);
      items.forEach((item) => this.#pass(nameOf(item)));
      return result;
    } catch (error) {
      if (endsRun(error)) throw error;
    }
    await this.together(items, nameOf, work);
    return work(items.filter((item) => !this.hasFailed(nameOf(item))));
  }

  /** Sets aside what has failed since the last time, and says so.
   *  @throws the first error when nothing has succeeded beside it. */
  async conclude({ store, clock, log }: TrialContext): Promise<readonly SourceProblem[]> {
    const failures = this.#failures.splice(0);
    const [first] = failures;
    if (!first) return [];
    const known = new Map<string, { readonly sourceId: string; readonly name: string }>();
    for (const what of ['entry', 'story'] as const) {
      const numbers = failures.flatMap(({ name }) => (name.what === what && name.no !== null ? name.no : []));
      if (numbers.length > 0) for (const [no, names] of await store.readNames(what, numbers)) known.set(`${what} ${no}`, names);
    }
    const items = failures.map(({ name, error }): FailedItem => {
      const names = name.no === null ? name : (known.get(`${name.what} ${name.no}`) ?? { sourceId: '', name: String(name.no) });
      const mark = name.no === null ? name.mark : null;
      return { ...names, what: name.what, no: name.no, mark, stage: this.#stage, reason: 'failed', message: toMessage(error) };
    });
    if (!(await this.#isAlone(store, items, failures))) throw first.error;
    for (const [index, { what, sourceId, name }] of items.entries())
      log?.error({ err: failures[index]?.error, what, source: sourceId, name, stage: this.#stage }, 'set aside: everything else goes on');
    await store.setAside(items, VERSION, clock.now());
    return items.map(toAsideProblem);
  }

  async #isAlone(store: CountReads, items: readonly FailedItem[], failures: readonly { readonly error: unknown }[]): Promise<boolean> {
    if (this.#succeeded.difference(this.#failed).size > 0) return true;
    if (new Set(items.map(({ sourceId }) => sourceId)).size > 1) return false;
    // A document that V8 gives up on is at fault itself, even if there is no other source.
    if (items.every(({ what }) => what === 'source') && failures.every(({ error }) => error instanceof RangeError)) return true;
    return (await store.countStories()) > items.filter(({ what }) => what === 'story').length;
  }

  #pass(name: ItemName): void {
    if (this.#succeeded.size < MOST_KEPT) this.#succeeded.add(toText(name));
  }

  #note(name: ItemName, error: unknown): void {
    if (endsRun(error)) throw error;
    this.#keep(name, error);
  }

  #keep(name: ItemName, error: unknown): void {
    if (!this.hasFailed(name)) this.#failures.push({ name, error });
    this.#failed.add(toText(name));
    if (name.no === null) this.#unstored.push(name.name);
  }
}

/** Names of what has succeeded that are kept: a million stories may come through. */
const MOST_KEPT = 1000;

function toMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200) || 'no reason given';
}

function toText(name: ItemName): string {
  return name.no === null ? `${name.what} ${name.sourceId}\n${name.name}` : `${name.what} ${name.no}`;
}
