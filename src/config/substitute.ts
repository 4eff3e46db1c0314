/** What became of the `${NAME}` and `${NAME:-default}` of one string. */
export interface Substituted {
  /** Nothing stands in place of a variable that is not set. */
  readonly value: string;
  /** Names that were asked for and not set. */
  readonly unset: readonly string[];
  /** true when any variable stood in it: the value may be a secret and is never printed. */
  readonly touched: boolean;
}

/** Puts environment variables into one string of the configuration. An empty variable counts as
 *  unset, as in a shell's `:-`. `$${NAME}` is the text `${NAME}`, as in Compose files: no
 *  variable. */
export function substitute(text: string, env: Readonly<Record<string, string | undefined>>): Substituted {
  const unset: string[] = [];
  let touched = false;
  const value = replaceVariables(text, (whole, name, fallback) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    touched = true;
    const found = env[name];
    if (found) return found;
    if (fallback === undefined) unset.push(name);
    return fallback ?? '';
  });
  return { value, unset, touched };
}

/** Text that `substitute` gives back as it stands here: what comes from outside must not name a
 *  variable, which may be a secret. */
export function escapeVariables(text: string): string {
  return replaceVariables(text, (whole) => `$${whole}`);
}

/** Text behind the last brace is no variable. To look there for the end of each that begins
 *  would take the square of its length. */
function replaceVariables(text: string, replace: (whole: string, name: string, fallback: string | undefined) => string): string {
  const end = text.lastIndexOf('}') + 1;
  return text.slice(0, end).replace(VARIABLE, replace) + text.slice(end);
}

const VARIABLE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
