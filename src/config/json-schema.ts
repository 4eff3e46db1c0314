import { z } from 'zod';
import { descriptions } from './descriptions.ts';
import { options } from './options.ts';

/** Returns the JSON Schema of the configuration file, for editors; config/newsfold.schema.json is a
 *  copy. */
export function toJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(options, { io: 'input' }) as JsonSchema;
  describe(schema, '');
  return { ...schema, title: 'Newsfold configuration' };
}

/** The part of a JSON Schema that is used here. */
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

/** Puts the purpose of each key into its description, before the form of its value. */
function describe(schema: JsonSchema, path: string): void {
  for (const [key, of] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? key : `${path}.${key}`;
    const purpose = descriptions[at];
    if (purpose !== undefined) of.description = purpose + (of.description === undefined ? '' : `. ${of.description}`);
    describe(of.items ?? of, at);
  }
}
