import { resolve } from 'node:path';
import { openApp } from '../../app/app.ts';
import { createStandaloneContext } from '../../app/fetchers.ts';
import type { App } from '../../app/app.ts';
import { siteZoneOf } from '../../app/config.ts';
import type { AppConfig } from '../../config/config.ts';
import { inspectAddress, inspectPath } from '../../run/read/inspect.ts';
import type { InspectionResult } from '../../run/read/inspect.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { RequestOptions, SourceStatus } from '../../model/source.ts';
import { standardOptions } from '../../ports/fetcher.ts';
import type { FolderFilter } from '../../ports/fetcher.ts';
import { exists } from '../output/files.ts';

/** Inspects possible sources, with the settings of the configuration where there is one. */
export interface Inspector {
  /** null without a configuration: then there is no store, and the default settings apply. */
  readonly app: App | null;
  readonly inspect: (target: InspectTarget, request?: RequestOptions, filter?: FolderFilter) => Promise<InspectionResult>;
  readonly close: () => Promise<void>;
}

/** A target named on the command line. */
export interface InspectTarget {
  readonly kind: 'address' | 'path';
  /** URL, or absolute path. */
  readonly address: string;
}

/** Opens an inspector. A missing configuration is allowed, a faulty one is not.
 *  @throws ConfigError when the file has faults, StoreError when its store cannot be used. */
export async function openInspector(configFile: string): Promise<Inspector> {
  const app = (await exists(configFile)) ? await openApp(configFile, 'sources', { replays: true }) : null;
  const context = app?.runContext ?? createStandaloneContext();
  const zone = siteZoneOf(app?.config ?? null);
  const maxBytes = app?.config.fetch.maxBytes ?? 10 * 1_048_576;
  return {
    app,
    inspect: ({ kind, address }, request = standardOptions, { files = [], skip = [] } = {}) =>
      kind === 'path'
        ? inspectPath(context, address, { maxBytes: request.maxBytes ?? maxBytes, zone, files, skip })
        : inspectAddress(context, { address, request }),
    close: async () => (app ? app.close() : context.fetcher.close()),
  };
}

/** Returns the address or path that a word on the command line names. The scheme of an address
 *  may be missing; browsers once handed feeds on as `feed:`.
 *  @throws NewsfoldError `source/unreadable-target` for a word that is neither. */
export async function readTarget(word: string): Promise<InspectTarget> {
  const text = word.trim();
  const url = /^feed:(?:\/\/)?(https?:\/\/.+)$/i.exec(text)?.[1] ?? text.replace(/^feed:\/\//i, 'http://');
  if (/^https?:\/\//i.test(url)) {
    if (URL.canParse(url)) return { kind: 'address', address: url };
    throw new NewsfoldError('source/unreadable-target', `${word} is no valid address`, { exitCode: 2 });
  }
  const path = resolve(text);
  if ((await exists(path)) || /[*?[\]{}]/.test(text)) return { kind: 'path', address: path };
  const isHost = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?].*)?$/i.test(text) && URL.canParse(`https://${text}`);
  if (isHost) return { kind: 'address', address: `https://${text}` };
  const message = `${word} is neither an address (https://…) nor an existing file or folder`;
  throw new NewsfoldError('source/unreadable-target', message, { exitCode: 2 });
}

/** Returns the stored source with this id or address; null when there is none. */
export async function findSource(app: App | null, word: string): Promise<SourceStatus | null> {
  const statuses = app === null ? [] : await app.store.readSources();
  return statuses.find(({ source }) => source.id === word || source.address === word) ?? null;
}

/** Returns the index of a configured source, by a word or a stored source; -1 when it is not
 *  configured. */
export function findDeclared({ sources }: AppConfig, word: string, known: SourceStatus | null): number {
  return sources.findIndex(
    ({ id, kind, address }) => id === word || address === word || (kind === known?.source.kind && address === known.source.address),
  );
}
