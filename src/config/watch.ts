import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** How often the file is looked at, milliseconds. Looking costs nothing, and finds what is renamed
 *  into place, linked elsewhere or on a network, where notices of the system fail. */
const INTERVAL_MS = 1000;
/** The file counts as written when it has stood still for this long: a file that is half written
 *  may well be read without a fault. */
const SETTLED_MS = 300;

/** Calls `onChange` after the text of a configuration file, or of one that it names, has changed
 *  and stood still. A file that is gone or empty for a while is no change: editors and deployments
 *  pass through that state. Returns the function that ends it. */
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
