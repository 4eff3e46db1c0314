import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { AppConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/model/errors.ts';
import { checkPattern } from '../../src/publish/selection/select.ts';
import { checkSchedule } from '../../src/run/schedule.ts';

/** Environment variables of one reading; the variables of the machine are ignored. */
export type Env = Readonly<Record<string, string>>;

/** Folder of the files that `load` writes; removed after the tests of the file. */
export const folder = mkdtempSync(join(tmpdir(), 'newsfold-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The checks that the program passes in. */
export const checks = { schedule: checkSchedule, pattern: checkPattern };

/** Reads a configuration with this text.
 *  @throws ConfigError with every fault. */
export function load(yaml: string, env: Env = {}): AppConfig {
  const file = join(folder, 'newsfold.yaml');
  writeFileSync(file, yaml);
  return loadConfig(file, checks, env);
}

/** Returns the faults of a thrown ConfigError; none when `run` throws nothing. */
export function faultsOf(run: () => unknown): ConfigError['faults'] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}
