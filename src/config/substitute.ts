/** The result of substituting `${NAME}` and `${NAME:-default}` in one string. */
interface Substituted {
  /** The text; an unset variable is replaced by nothing. */
  readonly value: string;
  /** Names of variables without a default that are not set. */
  readonly unset: readonly string[];
  /** True when the string contained a variable: its value may be a secret and is never printed. */
  readonly hasVariable: boolean;
}

/** Replaces the variables in one string of the configuration. An empty variable counts as unset, as
 *  in a shell's `:-`. `$${NAME}` stands for the text `${NAME}`, as in Compose files. */
export function substitute(text: string, env: Readonly<Record<string, string | undefined>>): Substituted {
  const unset: string[] = [];
  let hasVariable = false;
  const value = replaceVariables(text, (whole, name, fallback) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    hasVariable = true;
    const found = env[name];
    if (found) return found;
    if (fallback === undefined) unset.push(name);
    return fallback ?? '';
  });
  return { value, unset, hasVariable };
}

/** Escapes a text so that `substitute` returns it unchanged. Text from outside must not be able to
 *  name a variable, because a variable may hold a secret. */
export function escapeVariables(text: string): string {
  return replaceVariables(text, (whole) => `$${whole}`);
}

/** Replaces the variables in a text. Only the text up to the last brace is searched: looking for
 *  the end of each unclosed variable would take quadratic time. */
function replaceVariables(text: string, replace: (whole: string, name: string, fallback: string | undefined) => string): string {
  const end = text.lastIndexOf('}') + 1;
  return text.slice(0, end).replace(VARIABLE, replace) + text.slice(end);
}

const VARIABLE = /\$?\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
