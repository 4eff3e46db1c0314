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

/** Looks at what could be a source, with the settings of the configuration where there is one. */
export interface Inspector {
  /** null without a configuration: then there is no store either, and the standard settings
   *  hold. */
  readonly app: App | null;
  readonly inspect: (target: InspectTarget, request?: RequestOptions, wishes?: FolderFilter) => Promise<InspectionResult>;
  readonly close: () => Promise<void>;
}

/** What somebody named on the command line. */
export interface InspectTarget {
  readonly kind: 'address' | 'path';
  /** URL, or absolute path. */
  readonly address: string;
}

/** Opens an inspector. A configuration that is not there is no fault; one with faults is.
 *  @throws ConfigError when the file has faults, StoreError when its store cannot be used. */
export async function openInspector(configFile: string): Promise<Inspector> {
  const app = (await exists(configFile)) ? await openApp(configFile, 'sources', { replays: true }) : null;
  const parts = app?.runContext ?? createStandaloneContext();
  const zone = siteZoneOf(app?.config ?? null);
  const maxBytes = app?.config.fetch.maxBytes ?? 10 * 1_048_576;
  return {
    app,
    inspect: ({ kind, address }, request = standardOptions, { files = [], skip = [] } = {}) =>
      kind === 'path'
        ? inspectPath(parts, address, { maxBytes: request.maxBytes ?? maxBytes, zone, files, skip })
        : inspectAddress(parts, { address, request }),
    close: async () => (app ? app.close() : parts.fetcher.close()),
  };
}

/** What a word on the command line stands for: an address with or without its scheme (`feed:` is
 *  how browsers once handed feeds on), or a path.
 *  @throws NewsfoldError `source/unreadable-target` for what can be neither. */
export async function readTarget(word: string): Promise<InspectTarget> {
  const text = word.trim();
  const handed = /^feed:(?:\/\/)?(https?:\/\/.+)$/i.exec(text)?.[1] ?? text.replace(/^feed:\/\//i, 'http://');
  if (/^https?:\/\//i.test(handed)) {
    if (URL.canParse(handed)) return { kind: 'address', address: handed };
    throw new NewsfoldError('source/unreadable-target', `${word} is no address that could be asked for`, { exitCode: 2 });
  }
  const path = resolve(text);
  if ((await exists(path)) || /[*?[\]{}]/.test(text)) return { kind: 'path', address: path };
  const isHost = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?].*)?$/i.test(text) && URL.canParse(`https://${text}`);
  if (isHost) return { kind: 'address', address: `https://${text}` };
  const message = `${word} is neither an address (https://…) nor a file or folder that is there`;
  throw new NewsfoldError('source/unreadable-target', message, { exitCode: 2 });
}

/** The source that an id or an address names; null when there is none. */
export async function findSource(app: App | null, word: string): Promise<SourceStatus | null> {
  const statuses = app === null ? [] : await app.store.readSources();
  return statuses.find(({ source }) => source.id === word || source.address === word) ?? null;
}

/** Where the configuration has the source that a word or a stored source names; -1 when it has
 *  none. */
export function findDeclared({ sources }: AppConfig, word: string, known: SourceStatus | null): number {
  return sources.findIndex(
    ({ id, kind, address }) => id === word || address === word || (kind === known?.source.kind && address === known.source.address),
  );
}
