import { dirname, relative } from 'node:path';
import type { App } from '../../app/app.ts';
import type { AppConfig } from '../../config/config.ts';
import { addSources, changeSource } from '../../config/edit/edit.ts';
import { hasUserinfo } from '../../model/values/address.ts';
import { compareEntries } from '../../run/read/inspect.ts';
import type { Inspection } from '../../run/read/inspect.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { SourceDeclaration, SourceStatus } from '../../model/source.ts';
import { run } from '../../run/run.ts';
import { editConfig } from './edit-config.ts';
import { createKnown, sourceNameOf } from './known-sources.ts';
import { findDeclared, findSource, openInspector, readTarget } from './inspector.ts';
import type { InspectTarget } from './inspector.ts';
import { complain, print } from '../output/print.ts';
import { printReport, toProblemAt } from '../output/report.ts';
import { printInspection } from './check.ts';
import { hideAddresses } from '../../model/values/address.ts';

/** Name of a private source in messages. */
const HIDDEN = 'this source';

/** Options of `newsfold sources add`; absent ones are not written. */
interface AddOptions {
  readonly config: string;
  readonly id?: string;
  readonly title?: string;
  readonly tag?: readonly string[];
  readonly priority?: number;
  readonly interval?: string;
  readonly fullText?: boolean;
  readonly private?: boolean;
  /** Id or address of the source that has moved here. */
  readonly previous?: string;
  readonly dryRun?: boolean;
  /** false: the source is added without being read, and the next run reads it. */
  readonly check: boolean;
}

/** Inspects a source, adds it to the configuration, whose other bytes stay, and reads it. No
 *  address is requested twice. With `previous` an existing source continues at the new address.
 *  Exit code 0 also when the source exists, else 1.
 *  @throws ConfigError when the file would not load with the source: then nothing is written. */
export async function sourcesAddCommand(word: string, options: AddOptions): Promise<number> {
  const target = await readTarget(word);
  const inspector = await openInspector(options.config);
  try {
    const { app } = inspector;
    if (app === null) {
      complain(`${options.config} does not exist: newsfold init DIR creates one, --config FILE names another`);
      return 2;
    }
    const existing = findConfigured(app.config, target.address);
    if (existing !== null) {
      print(`${sourceNameOf(existing, HIDDEN)} is configured already: nothing was changed`);
      return 0;
    }
    const former = options.previous === undefined ? null : await findFormer(app, options.previous);
    const findKnown = createKnown(app.config, await app.store.readSources());
    const isKnown = (...addresses: readonly (string | undefined)[]) => {
      const known = addresses.flatMap((address) => (address === undefined ? [] : (findKnown({ address, homePage: null }) ?? [])));
      // The moved source itself may already be known by the new address, through a redirect of its
      // publisher.
      const other = known.find((source) => source !== former?.declared);
      if (other) print(`${sourceNameOf(other, HIDDEN)} has this feed already: nothing was changed`);
      return other !== undefined;
    };
    if (isKnown(target.address)) return 0;
    const result = options.check ? await inspector.inspect(target, former?.declared.request) : null;
    if (result?.kind === 'failed') {
      const problem = isSecret(target, options) ? hideAddresses(result.problem) : result.problem;
      complain(toProblemAt(isSecret(target, options) ? HIDDEN : target.address, problem));
      complain('nothing was added; add --no-check to add it anyway');
      return 1;
    }
    const inspection = result?.inspection ?? null;
    if (isKnown(inspection?.answered, inspection?.found?.url)) return 0;
    if (inspection !== null) {
      const compared = former?.status
        ? await compareEntries(app.store, former.status.source.id, inspection.feed, { hasMoved: true, seenAt: app.clock.now() })
        : null;
      printInspection(inspection, { compared, before: former?.status ?? null, isKnown: true, isPrivate: isSecret(target, options) });
    }
    const edit = former ? toMove(former, target, inspection) : toAddition(app.config, target, inspection, options);
    const { written, config } = await editConfig(app.config.file, edit, { dryRun: options.dryRun === true });
    if (!written) {
      print('nothing was written');
      return 0;
    }
    print(former ? `${sourceNameOf(former.declared, HIDDEN)} continues at its new address` : `added to ${app.config.file}`);
    const added = config.sources.at(former?.index ?? -1);
    if (inspection !== null && added) await readNow(app, config, added);
    return 0;
  } finally {
    await inspector.close();
  }
}

/** Returns the configured source with this address. Only the case of the host and a trailing
 *  slash are ignored. */
function findConfigured({ sources }: AppConfig, address: string): SourceDeclaration | null {
  const name = (text: string) => (URL.canParse(text) ? new URL(text).href : text);
  return sources.find((source) => name(source.address) === name(address)) ?? null;
}

function isSecret({ address }: InspectTarget, options: AddOptions): boolean {
  return options.private === true || hasUserinfo(address);
}

interface Former {
  readonly index: number;
  readonly declared: SourceDeclaration;
  /** null when it was never read. */
  readonly status: SourceStatus | null;
}

async function findFormer(app: App, word: string): Promise<Former> {
  const status = await findSource(app, word);
  const index = findDeclared(app.config, word, status);
  const declared = app.config.sources[index];
  if (declared && declared.private) {
    // The configured address may contain variables with secrets, so it must not be rewritten.
    const message = 'move a private source by hand: change its address, and add the old one as previous:';
    throw new NewsfoldError('source/private', message);
  }
  if (declared && (declared.kind === 'feed' || declared.kind === 'page')) return { index, declared, status };
  throw new NewsfoldError(
    'source/unknown',
    `no feed or page of the configuration has the id or address ${word}: newsfold sources lists them`,
  );
}

/** Changes the address of a moved source; its position, kind and settings stay. */
function toMove({ index, declared }: Former, target: InspectTarget, inspection: Inspection | null): (text: string) => string {
  const address = declared.kind === 'feed' ? (inspection?.found?.url ?? target.address) : target.address;
  return (text) => changeSource(text, index, { [declared.kind]: address, previous: declared.address });
}

function toAddition(
  config: AppConfig,
  target: InspectTarget,
  inspection: Inspection | null,
  options: AddOptions,
): (text: string) => string {
  const kind = inspection?.kind ?? (target.kind === 'path' ? 'articles' : 'feed');
  const address = target.kind === 'path' ? relative(dirname(config.file), inspection?.address ?? target.address) || '.' : target.address;
  const source = {
    ...(options.id !== undefined && { id: options.id }),
    [kind]: address,
    ...(options.title !== undefined && { title: options.title }),
    ...(options.tag !== undefined && { tags: options.tag }),
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.interval !== undefined && { interval: options.interval }),
    ...(options.fullText === true && { fullText: true }),
    ...(options.private === true && { private: true }),
  };
  return (text) => addSources(text, [source]);
}

/** Reads the new source, using the answers that were just fetched. When a run goes on elsewhere,
 *  or other nodes do not know the source yet, the next run reads it. */
async function readNow(app: App, { sources }: AppConfig, { kind, address }: SourceDeclaration): Promise<void> {
  const context = { ...app.runContext, settings: { ...app.runContext.settings, declarations: sources } };
  try {
    // Each file of a glob is a source of its own.
    for (const sourceId of kind === 'file' ? await context.files.expand(address) : [address])
      printReport(await run(context, { sourceId, all: false, dryRun: false, acceptDeletions: false }));
  } catch (error) {
    const known = error instanceof NewsfoldError ? delays[error.code] : undefined;
    if (known === undefined) throw error;
    print(known);
  }
}

/** Explanations by error code when the source cannot be read now. */
const delays: Readonly<Record<string, string>> = {
  'run/locked': 'a run is going on; the next run reads the source',
  'run/other-config': 'other nodes read the source once they have this configuration: serve loads it by itself, worker after a restart',
};
