import { workByHost } from '../../runtime/host-queues.ts';
import { breathe } from '../../runtime/memory.ts';
import type { SourceProblem } from '../../model/errors.ts';
import type { Source, SourceDeclaration } from '../../model/source.ts';
import type { Queue, SharedOutcome, SharedTask } from '../../ports/queue.ts';
import { createSourceReader } from './source-reader.ts';
import type { SourceReader } from './source-reader.ts';
import type { RunContext } from '../run-context.ts';
import { countReading } from '../report.ts';
import type { RunOptions, RunReport } from '../report.ts';

/** Binds the sources of the configuration in the store; each file of a glob is one source. */
export async function bindDeclared(context: RunContext, report: Pick<RunReport, 'problems' | 'failed'>): Promise<readonly Source[]> {
  return context.store.bindSources(await expandGlobs(context, report), context.clock.now());
}

async function expandGlobs(context: RunContext, report: Pick<RunReport, 'problems' | 'failed'>): Promise<SourceDeclaration[]> {
  const expanded: SourceDeclaration[] = [];
  for (const declaration of context.settings.declarations) {
    const paths = declaration.kind === 'file' ? await context.files.expand(declaration.address) : [declaration.address];
    if (paths.length === 0) {
      const message = `no file matches ${declaration.address}: check the path in the configuration`;
      report.problems.push({ source: declaration.id ?? '', code: 'file/none', message });
      report.failed++;
    }
    const isOne = paths.length === 1;
    expanded.push(
      ...paths.map((address) => ({ ...declaration, address, id: isOne ? declaration.id : null, title: isOne ? declaration.title : null })),
    );
  }
  return expanded;
}

/** Reads the sources that are due, here or with the other nodes of the store, and counts them in
 *  the report. Sources are read in the order in which they fell due. A source for which one run had
 *  no time comes first in the next. */
export async function readSources(context: RunContext, sources: readonly Source[], options: RunOptions, report: RunReport): Promise<void> {
  const { clock } = context;
  const isMeant = ({ id, address }: Source) => options.sourceId === null || [id, address].includes(options.sourceId);
  const wanted = sources.filter(isMeant);
  if (options.sourceId !== null && wanted.length === 0)
    report.problems.push({
      source: options.sourceId,
      code: 'source/unknown',
      message: 'no source of the configuration has this id or address: see newsfold sources',
    });
  const isAborted = () => options.signal?.aborted ?? false;
  const task = { startedAt: clock.now(), all: options.all, acceptDeletions: options.acceptDeletions };
  const reader = await createSourceReader(context, task, { only: null, isAborted });
  const due = wanted.filter(reader.isWanted).toSorted((a, b) => reader.dueAt(a) - reader.dueAt(b));
  report.sources = wanted.length;
  if (options.dryRun) due.forEach(({ id }) => report.bySource.push({ source: id, outcome: 'due', entriesNew: 0, entriesRevised: 0 }));
  else if (context.queue !== null) await readElsewhere(context, context.queue, task, due, reader, options, report);
  else await readHere(context, due, reader, options, report);
  // The order of the report is that of the configuration, whichever source answered first.
  const order = new Map(sources.map((source, index) => [source.id, index]));
  const rankOf = (item: { readonly source: string }) => order.get(item.source) ?? -1;
  report.bySource.sort((a, b) => rankOf(a) - rankOf(b));
  report.problems.sort((a, b) => rankOf(a) - rankOf(b));
}

async function readHere(
  context: RunContext,
  due: readonly Source[],
  reader: SourceReader,
  options: RunOptions,
  report: RunReport,
): Promise<void> {
  let done = 0;
  const read = async (source: Source) => {
    if (reader.isLate()) report.problems.push(tooLate(source));
    // Its host may have sent Retry-After since the list was made.
    else if (reader.isWanted(source)) {
      const outcome = await reader.read(source);
      if (outcome) countReading(report, { source: source.id, ...outcome });
    }
    options.onProgress?.(++done, due.length);
    await breathe();
  };
  const limits = { total: context.settings.concurrency, perQueue: context.settings.perHost };
  await workByHost(due, reader.hostQueueOf, limits, read, () => options.signal?.aborted ?? false);
  for (const outcome of await reader.conclude()) countReading(report, outcome);
}

/** Distributes the sources over all nodes. One node at a time reads the sources of a host, so that
 *  no host gets more requests than from a single node. */
async function readElsewhere(
  context: Pick<RunContext, 'store'>,
  queue: Queue,
  task: SharedTask,
  due: readonly Source[],
  reader: SourceReader,
  options: RunOptions,
  report: RunReport,
): Promise<void> {
  const queues = Map.groupBy(due, reader.hostQueueOf);
  const unread = new Map(due.map((source) => [source.id, source]));
  const onOutcome = (outcome: SharedOutcome) => {
    unread.delete(outcome.source);
    if (outcome.polled !== null || outcome.pushed !== null) countReading(report, outcome);
    options.onProgress?.(due.length - unread.size, due.length);
  };
  const named = [...queues].map(([name, sources]) => ({ name, sources: sources.map(({ id }) => id) }));
  await queue.distribute(task, named, onOutcome, () => reader.isLate() || (options.signal?.aborted ?? false));
  if (options.signal?.aborted === true) return;
  const isLate = reader.isLate();
  // A node that crashed may have read some of these sources before.
  for (const { source, poll } of await context.store.readSources([...unread.keys()]))
    if ((poll.lastPollAt ?? 0) >= task.startedAt && poll.problem?.code !== 'source/lost') unread.delete(source.id);
  for (const source of unread.values()) report.problems.push(isLate ? tooLate(source) : lost(source));
}

/** Every node that read this source crashed; node-work.ts records the same problem for it. */
function lost({ id }: Source): SourceProblem {
  return {
    source: id,
    code: 'source/lost',
    message: 'every node that was reading this source, or others of its host, has crashed: it is tried again later',
  };
}

function tooLate({ id }: Source): SourceProblem {
  return { source: id, code: 'run/timeout', message: 'not read in this run, whose time was used up: it is due in the next one' };
}
