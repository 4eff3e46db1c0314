import type { SourceProblem } from '../model/errors.ts';
import { toAsideProblem } from '../model/set-aside.ts';
import type { FailedItem, Stage } from '../model/set-aside.ts';
import { VERSION } from '../model/version.ts';
import type { RunContext } from './run-context.ts';

/** A source is set aside after this number of crashes during its reading. */
const MOST_DEATHS = 2;

/** Sets aside the sources that made runs crash, so that this run continues without them. A source
 *  is set aside after two crashes, or after one if it was set aside before and tried again. Returns
 *  their problems, and by stage the sources that are only suspected. */
export async function setAsideDeadly({ store, clock, log }: Pick<RunContext, 'store' | 'clock' | 'log'>): Promise<{
  readonly problems: readonly SourceProblem[];
  readonly suspects: ReadonlyMap<string, Stage>;
}> {
  const found = await store.readSuspects();
  if (found.length === 0) return { problems: [], suspects: new Map() };
  const before = new Set((await store.readSetAside()).map(({ sourceId, name, stage }) => `${sourceId} ${name} ${stage}`));
  const deadly = found.filter(({ sourceId, stage, deaths }) => deaths >= MOST_DEATHS || before.has(`${sourceId}  ${stage}`));
  const items = deadly.map(({ sourceId, stage, mark, deaths }): FailedItem => {
    const message = `${deaths === 1 ? 'a run has' : `${deaths} runs have`} crashed at the stage "${stage}" while processing it`;
    return { what: 'source', sourceId, name: '', no: null, stage, reason: 'died', message, mark };
  });
  await store.setAside(items, VERSION, clock.now());
  for (const { sourceId, stage } of deadly) await store.putAway([sourceId], stage);
  for (const { sourceId, message } of items) log.error({ source: sourceId }, `set aside: ${message}`);
  return {
    problems: items.map(toAsideProblem),
    suspects: new Map(found.filter((one) => !deadly.includes(one)).map(({ sourceId, stage }) => [sourceId, stage])),
  };
}
