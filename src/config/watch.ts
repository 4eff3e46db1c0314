import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** Interval between two looks at the file, in milliseconds. Polling also notices files that are
 *  renamed into place, symbolic links and network drives, for which file system events fail. */
const INTERVAL_MS = 1000;
/** The file counts as written once it is unchanged for this long: a half-written file may be valid
 *  YAML. */
const SETTLED_MS = 300;

/** Calls `onChange` when the text of a file has changed and then stayed the same for SETTLED_MS.
 *  The file is the configuration or one that it names. A missing or empty file is no change,
 *  because editors and deployments pass through that state. Returns a function that stops
 *  watching. */
export function watchConfig(file: string, onChange: () => void): () => void {
  let known = read(file);
  let timer: NodeJS.Timeout | null = null;
  const look = (before: string | null) => {
    timer = null;
    const text = read(file);
    if (text !== before) later(text);
    else if (text !== null && text.trim() !== '' && text !== known) {
      known = text;
      onChange();
    }
  };
  const later = (before: string | null) => (timer = setTimeout(() => look(before), SETTLED_MS));
  const note = () => {
    if (timer === null) later(read(file));
  };
  watchFile(file, { interval: INTERVAL_MS }, note);
  return () => {
    unwatchFile(file, note);
    if (timer !== null) clearTimeout(timer);
  };
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
