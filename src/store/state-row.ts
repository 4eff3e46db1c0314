import type { StateRow } from '../ports/store/transfer.ts';
import { isObject } from './state-checks.ts';
import { stateTables } from './state-tables.ts';

/** A line of a state file as a row; what is wrong with it as text. The value comes from anywhere. */
export function toStateRow(value: unknown): StateRow | string {
  if (!isObject(value) || Object.keys(value).join() !== 'table,row') return 'no row: it must be {"table":…,"row":{…}}';
  const { table, row: sent } = value;
  if (typeof table !== 'string' || !Object.hasOwn(stateTables, table)) return `no table is named ${JSON.stringify(table)?.slice(0, 60)}`;
  if (!isObject(sent)) return 'its row is no object';
  const { columns, added } = stateTables[table] ?? { columns: {} };
  const missing = Object.entries(added ?? {}).filter(([name]) => !Object.hasOwn(sent, name));
  const row = { ...sent, ...Object.fromEntries(missing.map(([name, toValue]) => [name, toValue(sent)])) };
  const unknown = Object.keys(row).find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined) return `the table ${table} has no column ${JSON.stringify(unknown.slice(0, 60))}`;
  for (const [name, check] of Object.entries(columns)) {
    if (!Object.hasOwn(row, name)) return `the column ${name} of the table ${table} is missing`;
    const fault = check(row[name]);
    if (fault !== null) return `the column ${name} of the table ${table} ${fault}`;
  }
  if (table === 'meta' && ['lock', 'config', 'config at', 'configs before', 'prepared', 'unpublished'].includes(String(row['key'])))
    return `${String(row['key'])} is not part of a store's state`;
  if (table === 'meta' && row['key'] === 'namespace' && !UUID.test(String(row['value']))) return 'the namespace must be a UUID';
  return { table, row: row as StateRow['row'] };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
