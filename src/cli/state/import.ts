import { openApp } from '../../app/app.ts';
import { withRunLock } from '../../run/run-lock.ts';
import { describeCounts } from './export.ts';
import { print } from '../output/print.ts';
import { openStateFile } from './state-file.ts';

/** Imports an export into an empty store; `-` is standard input. A
 *  faulty file or an aborted `signal` leaves the store unchanged. It holds the run lock.
 *  @throws NewsfoldError with exit code 1 when the file or the store is refused, 3 when a run
 *  goes on. */
export async function importCommand(file: string, options: { readonly config: string }, signal: AbortSignal): Promise<number> {
  // The file is checked first, since opening the store would create it.
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
