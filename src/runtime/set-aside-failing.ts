import { endsRun, isRowFault } from '../model/errors.ts';
import type { SourceProblem } from '../model/errors.ts';
import { toAsideProblem } from '../model/set-aside.ts';
import type { FailedItem, Stage } from '../model/set-aside.ts';
import { VERSION } from '../model/version.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SetAsideStore } from '../ports/store/set-aside.ts';
import type { CountReads } from '../ports/store/counts.ts';

/** The name of an item: a number for a stored entry or a story, otherwise the names that identify
 *  it. */
export type ItemName =
  | { readonly what: 'entry' | 'story'; readonly no: number }
  | ({ readonly no: null } & Pick<FailedItem, 'what' | 'sourceId' | 'name' | 'mark'>);

/** The context of concluding a trial: the store that sets items aside, and the log. */
interface TrialContext {
  readonly store: SetAsideStore & CountReads;
  readonly clock: Clock;
  readonly log?: Log;
}

/** One stage of a run, tried item by item: the one exception to the rule "catch only errors that
 *  you can name". An item that throws is noted and the others continue. `conclude` then sets it
 *  aside, but only if it has failed alone. Either another item of the stage has succeeded in this
 *  run. Or all items that failed are of one source, and the store has something published that came
 *  through before. If others fail too, no item is at fault, and the run ends with the first error.
 *  A failure of the store, the disk, the memory or an abort is never an item's fault
 *  (`endsRun`). */
export class Trial {
  readonly #stage: Stage;
  readonly #failures: { readonly name: ItemName; readonly error: unknown }[] = [];
  readonly #failed = new Set<string>();
  readonly #unstored: string[] = [];
  /** Names of some items that succeeded: enough to know whether another item did. */
  readonly #succeeded = new Set<string>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Reports whether an item of this name has failed since the trial began. */
  hasFailed(name: ItemName): boolean {
    return this.#failed.has(toText(name));
  }

  /** Names of the failed entries that are not stored. */
  get failedNames(): readonly string[] {
    return this.#unstored;
  }

  /** Does `work` for one item; returns undefined when it fails. */
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

  /** Does the same with asynchronous work. */
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

  /** Does work in which several items take part. When it fails, it is repeated in ever smaller
   *  pieces, in the items' order, until only items are left that fail alone, twice. `renew` is
   *  called after each failure and discards the half-done state of the failed work. */
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

  /** Returns the result of `work` for all items except those on which it fails. `work` must have no
   *  side effects, since it may be repeated. */
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

  /** Sets aside the items that have failed since the last call, and logs them.
   *  @throws the first error when no item succeeded beside them. */
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
    // A document that exhausts V8 is at fault itself, even if there is no other source.
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

/** Most names of successful items that are kept: a million stories may succeed. */
const MOST_KEPT = 1000;

function toMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200) || 'no reason given';
}

function toText(name: ItemName): string {
  return name.no === null ? `${name.what} ${name.sourceId}\n${name.name}` : `${name.what} ${name.no}`;
}
