import { openApp } from '../../app/app.ts';
import { withRunLock } from '../../run/run-lock.ts';
import { describeCounts } from './export.ts';
import { print } from '../output/print.ts';
import { openStateFile } from './state-file.ts';

/** Puts an export into the store of the configuration, which must have neither sources nor entries;
 *  `-` is standard input. All or nothing, under the run lock: what is wrong with the file, or
 *  `signal`, leaves the store as it was.
 *  @throws NewsfoldError with exit code 1 when the file or the store is refused, 3 when a run goes
 *  on. */
export async function importCommand(file: string, options: { readonly config: string }, signal: AbortSignal): Promise<number> {
  // Before the store is opened, which makes it when there is none.
  const { header, lines } = await openStateFile(file, signal);
  try {
    const app = await openApp(options.config, 'import');
    try {
      const counts = await withRunLock(app.runContext, () => app.store.writeState(lines, header.rows));
      print(`imported from ${file} (Newsfold ${header.version}, ${header.exportedAt}): ${describeCounts(counts)}`);
      return 0;
    } finally {
      await app.close();
    }
  } finally {
    await lines.return(undefined);
  }
}
