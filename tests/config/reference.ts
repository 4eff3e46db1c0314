import { descriptions } from '../../src/config/descriptions.ts';
import { toJsonSchema } from '../../src/config/json-schema.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';

const HEAD = `# The configuration

All keys of \`config/newsfold.yaml\`, generated from the program (\`newsfold check --schema\` prints them for editors). Relative paths start at the folder of the
file. A value may contain environment variables: \`\${NAME}\`, or \`\${NAME:-default}\` for one that may be unset. All keys are optional, except those that an item of a list needs.
`;

/** Returns the text of docs/configuration.md: a table for each object of the configuration, in the
 *  order of its keys. */
export function toReference(): string {
  const { properties = {} } = toJsonSchema();
  const [single, grouped] = [true, false].map((isSingle) =>
    Object.entries(properties).filter(([, of]) => (keysOf(of) === null) === isSingle),
  );
  const tables = [['Top-level keys', '', toTable(single ?? [], '')]];
  for (const [key, of] of grouped ?? []) tables.push([`\`${key}\``, of.description ?? '', toTable(flatten(keysOf(of) ?? {}), `${key}.`)]);
  return [HEAD, ...tables.map(([title, purpose, table]) => `## ${title}\n\n${purpose === '' ? '' : `${purpose}.\n\n`}${table}`)].join('\n');
}

/** Returns the keys of an object, or of the items of a list of objects; null for any other
 *  value. */
function keysOf({ properties, items }: JsonSchema): Readonly<Record<string, JsonSchema>> | null {
  return properties ?? items?.properties ?? null;
}

function flatten(properties: Readonly<Record<string, JsonSchema>>): [string, JsonSchema][] {
  return Object.entries(properties).flatMap(([key, of]): [string, JsonSchema][] =>
    of.properties ? flatten(of.properties).map(([below, one]) => [`${key}.${below}`, one]) : [[key, of]],
  );
}

function toTable(rows: readonly (readonly [string, JsonSchema])[], path: string): string {
  const lines = rows.map(([key, of]) => {
    const purpose = descriptions[path + key] ?? '';
    // The description is the purpose, then ". " and the form of the value.
    const form = of.description?.slice(purpose.length + 2);
    return `| \`${key}\` | ${form ? lower(form) : toForm({ ...of, description: undefined })} | ${toDefault(of)} | ${purpose} |`;
  });
  return ['| key | value | default | purpose |', '| --- | --- | --- | --- |', ...lines, ''].join('\n');
}

const lower = (text: string) => text.slice(0, 1).toLowerCase() + text.slice(1);

function toForm({ type, enum: words, minimum, maximum, items, anyOf, description, const: only }: JsonSchema): string {
  if (only !== undefined) return `\`${only}\``;
  if (anyOf)
    return anyOf
      .filter((one) => one.const !== 0)
      .map(toForm)
      .join(' or ');
  if (words) return words.map((word) => `\`${word}\``).join(', ');
  if (type === 'array') return `list: ${items?.description === undefined ? 'texts' : lower(items.description)}`;
  if (type === 'integer') return `${minimum} to ${maximum}`;
  if (type === 'string') return description === undefined || anyOf ? 'text' : lower(description);
  return type === 'boolean' ? '`true` or `false`' : 'names and values';
}

function toDefault({ default: value }: JsonSchema): string {
  return typeof value === 'object' || value === undefined ? '' : `\`${JSON.stringify(value).replaceAll('"', '')}\``;
}
