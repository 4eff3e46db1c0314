import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { mayImport } from './support/import-table.ts';
import { homes } from './support/package-homes.ts';

const readsEnvironment = /\bprocess\.env\b/;
const readsClock = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bTemporal\.Now\b|\brandomUUID\(/;

const src = resolve(import.meta.dirname, '../src');

test('src keeps the import table, has no cycle, no barrel and no package away from its home', () => {
  expect(faultsOf(src)).toEqual([]);
});

test('a planted fault of each kind is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-architecture-'));
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  plant('model/a.ts', "import type { B } from '../fold/b.ts';\nexport type A = B;\n");
  plant('fold/b.ts', "import { request } from 'undici';\nexport type B = typeof request;\n");
  plant('fold/index.ts', "export * from './b.ts';\n");
  plant('parse/c.ts', "import './d.ts';\nconst now = Date.now();\n");
  plant('parse/d.ts', "import './c.ts';\nexport const e = process.env['X'];\n");
  plant('ingest/e.ts', "const late = await import('../store/f.ts');\n");
  plant('store/f.ts', '');
  try {
    expect(faultsOf(folder).toSorted()).toEqual([
      'fold/b.ts: undici lives in ingest/fetch.ts, ingest/http.ts',
      'fold/index.ts: a barrel',
      'fold/index.ts: re-exports ./b.ts',
      'ingest/e.ts: may not import store/f.ts',
      'model/a.ts: may not import fold/b.ts',
      'parse/c.ts: part of a cycle',
      'parse/c.ts: reads the clock',
      'parse/d.ts: part of a cycle',
      'parse/d.ts: reads process.env',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function faultsOf(root: string): string[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const graph = new Map<string, string[]>();
  const faults: string[] = [];
  for (const file of files) {
    const code = withoutComments(readFileSync(join(root, file), 'utf8'));
    const targets: string[] = [];
    if (/(^|\/)index\.ts$/.test(file)) faults.push(`${file}: a barrel`);
    const imports = /^\s*(import|export)\b[^'"();]*?\bfrom\s*['"]([^'"]+)['"]|(?:^\s*import\s*|\bimport\(\s*)['"]([^'"]+)['"]/gm;
    for (const found of code.matchAll(imports)) {
      const [, word, from, bare] = found;
      const specifier = from ?? bare ?? '';
      if (word === 'export') faults.push(`${file}: re-exports ${specifier}`);
      if (specifier.startsWith('.')) targets.push(relative(root, resolve(root, dirname(file), specifier)));
      else faults.push(...homeFaults(file, specifier));
    }
    graph.set(file, targets);
    if (readsEnvironment.test(code) && file !== 'config/load.ts') faults.push(`${file}: reads process.env`);
    if (readsClock.test(code) && /^(parse|normalise|fold|publish|run\.ts)/.test(file)) faults.push(`${file}: reads the clock`);
    for (const target of targets) if (!isAllowed(file, target)) faults.push(`${file}: may not import ${target}`);
  }
  for (const file of files) if (reaches(graph, file, file)) faults.push(`${file}: part of a cycle`);
  return faults;
}

function isAllowed(from: string, to: string): boolean {
  const row = mayImport.find(([pattern]) => covers(pattern, from));
  if (!row) return false;
  const folder = row[0].endsWith('/') ? row[0] : null;
  return (folder !== null && covers(folder, to)) || row[1].some((pattern) => covers(pattern, to));
}

function covers(pattern: string, file: string): boolean {
  return pattern === '' || (pattern.endsWith('/') ? file.startsWith(pattern) : file === pattern);
}

function homeFaults(file: string, specifier: string): string[] {
  const name = specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
  const allowed = homes[name];
  if (!allowed || allowed.some((pattern) => covers(pattern, file))) return [];
  return [`${file}: ${name} lives in ${allowed.join(', ')}`];
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, goal: string): boolean {
  const seen = new Set<string>();
  const open = [...(graph.get(from) ?? [])];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === goal) return true;
    if (seen.has(file)) continue;
    seen.add(file);
    open.push(...(graph.get(file) ?? []));
  }
  return false;
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}
