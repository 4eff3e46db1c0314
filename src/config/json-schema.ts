import { z } from 'zod';
import { descriptions } from './descriptions.ts';
import { options } from './options.ts';

/** The JSON Schema of the file, for editors: what stands in config/newsfold.schema.json. */
export function toJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(options, { io: 'input' }) as JsonSchema;
  describe(schema, '');
  return { ...schema, title: 'Newsfold configuration' };
}

/** What of a JSON Schema is used here. */
export interface JsonSchema {
  description?: string | undefined;
  readonly title?: string;
  readonly type?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly const?: string | number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Says of each key what it is for, before the form that its value has. */
function describe(schema: JsonSchema, path: string): void {
  for (const [key, of] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    const said = descriptions[at];
    if (said !== undefined) of.description = said + (of.description === undefined ? '' : `. ${of.description}`);
    describe(of.items ?? of, at);
  }
}
