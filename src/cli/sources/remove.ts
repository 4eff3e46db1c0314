import { matchesGlob } from 'node:path';
import { openApp } from '../../app/app.ts';
import { readConfig } from '../../app/config.ts';
import { removeSource } from '../../config/edit/edit.ts';
import type { AppConfig } from '../../config/config.ts';
import { purgeSource } from '../../run/corrections/corrections.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { SourceDeclaration, SourceStatus } from '../../model/source.ts';
import { editConfig } from './edit-config.ts';
import { complain, countOf, print } from '../output/print.ts';
import { readStatuses } from './stored-sources.ts';

/** Removes a source from the configuration; its stories stay. `purge` withdraws them too, also
 *  when the source was removed before. With `dryRun` nothing is written.
 *  @throws NewsfoldError with exit code 1 when no source has the id, or it is one file of a
 *  glob. */
export async function sourcesRemoveCommand(
  id: string,
  options: { readonly config: string; readonly dryRun?: boolean; readonly purge?: boolean },
): Promise<number> {
  const config = readConfig(options.config);
  const statuses = await readStatuses(config);
  const known = statuses.find(({ source }) => source.id === id);
  const isListed = config.sources.some((declaration) => declaration.id === id || (known && isSamePlace(declaration, known.source)));
  if (options.purge === true && known && !isListed && !findGlob(known.source, config)) {
    if (options.dryRun === true) print(`${countOf(known.entries, 'entry')} of ${id} would be withdrawn`);
    return options.dryRun === true ? 0 : purgeStored(id, options.config);
  }
  await takeOut(id, statuses, options);
  if (options.dryRun === true) return 0;
  if (options.purge === true) return purgeStored(id, options.config);
  print('its stories stay in the feeds; added again within 30 days, it continues where it stopped');
  return 0;
}

async function takeOut(
  id: string,
  statuses: readonly SourceStatus[],
  options: { readonly config: string; readonly dryRun?: boolean },
): Promise<void> {
  let name = '';
  const edit = (text: string, config: AppConfig) => {
    const index = findIndex(id, config, statuses);
    const declaration = config.sources[index];
    name = declaration === undefined || declaration.private ? id : `${id} (${declaration.kind}: ${declaration.address})`;
    return removeSource(text, index);
  };
  const { written, config } = await editConfig(options.config, edit, options);
  print(`${name} ${written ? 'is' : 'would be'} removed from ${options.config}`);
  for (const feed of config.feeds.filter(({ sources }) => sources.includes(id)))
    complain(
      `the feed ${feed.slug} names ${id} in its sources: its stories stay there, and no new ones come; remove it from that list too`,
    );
}

async function purgeStored(id: string, configFile: string): Promise<number> {
  const app = await openApp(configFile, 'sources');
  try {
    print((await purgeSource(app.runContext, id)).message);
    return 0;
  } finally {
    await app.close();
  }
}

/** Returns the index of a configured source by its configured or stored id. */
function findIndex(id: string, config: AppConfig, statuses: readonly SourceStatus[]): number {
  const named = config.sources.findIndex((declaration) => declaration.id === id);
  if (named >= 0) return named;
  const status = statuses.find(({ source }) => source.id === id);
  if (!status) throw refuse(`no source has the id ${id}${toHint(id, config, statuses)}`);
  const placed = config.sources.findIndex((declaration) => isSamePlace(declaration, status.source));
  if (placed >= 0) return placed;
  const glob = findGlob(status.source, config);
  if (glob) {
    throw refuse(
      `${id} is one of the files of ${glob.address}, which is one source of the configuration: move the file out of that folder, or list the other files one by one`,
    );
  }
  throw refuse(`${id} is no longer in the configuration`);
}

function isSamePlace(a: SourceDeclaration, b: SourceDeclaration): boolean {
  return a.kind === b.kind && a.address === b.address;
}

/** Returns the configured pattern that matches a file. */
function findGlob({ kind, address }: SourceDeclaration, config: AppConfig): SourceDeclaration | undefined {
  return config.sources.find((declaration) => declaration.kind === 'file' && kind === 'file' && matchesGlob(address, declaration.address));
}

function refuse(message: string): NewsfoldError {
  return new NewsfoldError('sources/refused', message, { exitCode: 1 });
}

function toHint(id: string, config: AppConfig, statuses: readonly SourceStatus[]): string {
  const active = statuses.flatMap(({ source, active: isActive }) => (isActive ? [source.id] : []));
  const known = [...new Set([...config.sources.flatMap((declaration) => declaration.id ?? []), ...active])];
  const near = known
    .map((other) => ({ other, distance: other.includes(id) || id.includes(other) ? 1 : toDistance(id, other) }))
    .filter(({ distance }) => distance <= Math.max(2, id.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ other }) => other);
  if (near.length > 0) return `; is it ${near.join(' or ')}?`;
  return statuses.length === 0 ? ' in the configuration, and the first run creates the others' : ': newsfold sources lists them';
}

/** Returns the Levenshtein distance of two texts. */
function toDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of a.split('').entries()) {
    const next = [index + 1];
    for (const [column, other] of b.split('').entries())
      next.push(Math.min((next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1, (row[column] ?? 0) + (letter === other ? 0 : 1)));
    row = next;
  }
  return row.at(-1) ?? 0;
}
