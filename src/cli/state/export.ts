import { openApp } from '../../app/app.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { RowCounts } from '../../ports/store/transfer.ts';
import { countOf, print } from '../output/print.ts';
import { createStateFile, toHeaderLine } from './state-file.ts';

/** Writes the whole state at one instant as lines of JSON (docs/operation.md#export-and-import);
 *  `-` is standard output. Runs and the server go on. The same state gives the same lines,
 *  except for the time in the first one. When `signal` is aborted it stops and leaves no file. */
export async function exportCommand(file: string, options: { readonly config: string }, signal: AbortSignal): Promise<number> {
  const app = await openApp(options.config, 'export');
  try {
    const output = await createStateFile(file);
    try {
      let counts: RowCounts = {};
      await app.store.readState(
        async (rows) => {
          counts = rows;
          await output.write(toHeaderLine(app.clock.now(), rows));
        },
        async (row) => {
          if (signal.aborted) throw new NewsfoldError('export/stopped', 'stopped: nothing was exported', { exitCode: 1 });
          await output.write(row);
        },
      );
      await output.finish();
      if (file !== '-') print(`exported to ${file}: ${describeCounts(counts)}`);
      return 0;
    } finally {
      await output.close();
    }
  } finally {
    await app.close();
  }
}

/** Returns the counts of a state in words. */
export function describeCounts(counts: RowCounts): string {
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const { source = 0, entry = 0, revision = 0, story = 0 } = counts;
  return `${countOf(source, 'source')}, ${countOf(entry, 'entry')} with ${countOf(revision, 'revision')}, ${countOf(story, 'story')}; ${countOf(total, 'row')} in all`;
}
