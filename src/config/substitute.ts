/** What became of the `${NAME}` and `${NAME:-default}` of one string. */
export interface Substituted {
  /** null when a variable without a default is not set: the key then counts as absent. */
  readonly value: string | null;
  /** Names that were asked for and not set. */
  readonly unset: readonly string[];
  /** true when any variable stood in it: the value may be a secret and is never printed. */
  readonly touched: boolean;
}

/** Puts environment variables into one string of the configuration. An empty variable counts as unset, as in a shell's `:-`. */
export function substitute(text: string, env: Readonly<Record<string, string | undefined>>): Substituted {
  const unset: string[] = [];
  let touched = false;
  const value = text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    touched = true;
    const found = env[name];
    if (found) return found;
    if (fallback === undefined) unset.push(name);
    return fallback ?? '';
  });
  return { value: unset.length > 0 ? null : value, unset, touched };
}
