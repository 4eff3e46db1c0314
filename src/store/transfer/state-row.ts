import type { z } from 'zod';
import type { StateRow } from '../../ports/store/transfer.ts';
import { metaKeysOf } from '../sql/meta.ts';
import { isObject } from '../schema/columns.ts';
import type { Table } from '../schema/table.ts';
import { tables } from '../schema/tables.ts';

const byName: ReadonlyMap<string, Table> = new Map(Object.entries(tables));
const presentNames = new Map(Object.entries(tables).flatMap(([name, { formerName }]) => (formerName === null ? [] : [[formerName, name]])));

/** Returns the present name of a table that had another name in exports of earlier versions. */
export function toPresentName(table: string): string {
  return presentNames.get(table) ?? table;
}

/** Returns a line of an export as a row, or a text that says what is wrong with it. */
export function toStateRow(value: unknown): StateRow | string {
  if (!isObject(value) || Object.keys(value).join() !== 'table,row') return 'no row: it must be {"table":…,"row":{…}}';
  const { table: named, row: sent } = value;
  const table = typeof named === 'string' ? toPresentName(named) : '';
  const description = byName.get(table);
  if (description === undefined) return `no table is named ${JSON.stringify(named)?.slice(0, 60)}`;
  if (!isObject(sent)) return 'its row is no object';
  const missing = Object.entries(description.added).filter(([name]) => !Object.hasOwn(sent, name));
  const row = { ...sent, ...Object.fromEntries(missing.map(([name, toValue]) => [name, toValue(sent)])) };
  const { error } = description.row.safeParse(row);
  if (error) return describeFault(table, row, error.issues);
  const fault = table === 'meta' ? findMetaFault(String(row['key']), String(row['value'])) : null;
  return fault ?? { table, row: row as StateRow['row'] };
}

function describeFault(table: string, row: Readonly<Record<string, unknown>>, issues: readonly z.core.$ZodIssue[]): string {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
  if (unknown) return `the table ${table} has no column ${JSON.stringify(unknown.keys[0]?.slice(0, 60))}`;
  const [issue] = issues;
  const name = String(issue?.path[0]);
  if (!Object.hasOwn(row, name)) return `the column ${name} of the table ${table} is missing`;
  return `the column ${name} of the table ${table} ${issue?.message}`;
}

function findMetaFault(key: string, value: string): string | null {
  if (refusedKeys.includes(key)) return `${key} is not part of a store's state`;
  return key === 'namespace' && !UUID.test(value) ? 'the namespace must be a UUID' : null;
}

const refusedKeys = metaKeysOf('process', 'derived');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
