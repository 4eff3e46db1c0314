import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prints the form and the seed of this test run. Makes a folder that test files share, and removes
 *  the folder at the end. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-tests-'));
  process.env['NEWSFOLD_TESTS_FOLDER'] = folder;
  // All processes of the tests share one compile cache of Node.
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../../node_modules/.cache/newsfold-tests');
  process.env['NEWSFOLD_SEED'] ??= String(1 + Math.floor(Math.random() * 1_000_000));
  const isFull = process.env['NEWSFOLD_TESTS'] === 'all';
  const form = isFull ? 'all tests at full size' : 'every behaviour, with samples (npm run test:all has all)';
  process.stdout.write(`${form}; NEWSFOLD_SEED=${process.env['NEWSFOLD_SEED']}\n`);
  return () => rmSync(folder, { recursive: true, force: true });
}
