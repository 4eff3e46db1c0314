import { descriptions } from '../../src/config/descriptions.ts';
import { toJsonSchema } from '../../src/config/json-schema.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';

const HEAD = `# The configuration

Every key of \`config/newsfold.yaml\`, made from what the program itself knows (\`newsfold check --schema\` has the same for editors). Relative paths start at the
file's folder. A value may have parts from the environment: \`\${NAME}\`, or \`\${NAME:-else}\` where it may be missing. All keys may be left out but those that a list needs.
`;

/** docs/configuration.md: a table for each object of the configuration, in the order of its
 *  keys. */
export function toReference(): string {
  const { properties = {} } = toJsonSchema();
  const [plain, grouped] = [true, false].map((isPlain) => Object.entries(properties).filter(([, of]) => (keysOf(of) === null) === isPlain));
  const tables = [['On their own', '', toTable(plain ?? [], '')]];
  for (const [key, of] of grouped ?? []) tables.push([`\`${key}\``, of.description ?? '', toTable(flatten(keysOf(of) ?? {}), `${key}.`)]);
  return [HEAD, ...tables.map(([title, said, table]) => `## ${title}\n\n${said === '' ? '' : `${said}.\n\n`}${table}`)].join('\n');
}

/** The keys of an object, or of each item of a list of objects; null for anything else. */
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
    const said = descriptions[path + key] ?? '';
    // What a value looks like is said behind what it is for.
    const form = of.description?.slice(said.length + 2);
    return `| \`${key}\` | ${form ? lower(form) : toForm({ ...of, description: undefined })} | ${toDefault(of)} | ${said} |`;
  });
  return ['| key | value | default | what |', '| --- | --- | --- | --- |', ...lines, ''].join('\n');
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
