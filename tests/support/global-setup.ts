import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tells the form and the seed of this run of the tests, and makes a folder for what test files
 *  share; removes it at the end. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-tests-'));
  process.env['NEWSFOLD_TESTS_FOLDER'] = folder;
  // What Node has compiled once serves every process that the tests start.
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../../node_modules/.cache/newsfold-tests');
  process.env['NEWSFOLD_SEED'] ??= String(1 + Math.floor(Math.random() * 1_000_000));
  const isFull = process.env['NEWSFOLD_TESTS'] === 'all';
  const form = isFull ? 'all tests at full size' : 'every behaviour, with samples (npm run test:all has all)';
  process.stdout.write(`${form}; NEWSFOLD_SEED=${process.env['NEWSFOLD_SEED']}\n`);
  return () => rmSync(folder, { recursive: true, force: true });
}
