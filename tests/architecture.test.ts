import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { homes } from './support/package-homes.ts';

/** The rooms that the files of each room may import, besides their own (docs/architecture.md). */
const rooms: Readonly<Record<string, string>> = {
  'main.ts': 'cli',
  cli: 'app run config cluster websub publish parse normalise fold model ports',
  app: 'run feeds views alerts cluster websub serve ingest store runtime config parse normalise fold publish model ports',
  cluster: 'run config runtime ports model',
  run: 'feeds ingest parse normalise fold publish runtime ports model',
  feeds: 'publish runtime ports model',
  views: 'publish fold ports model',
  alerts: 'views ports model',
  websub: 'ingest runtime ports model',
  serve: 'publish ports model',
  ingest: 'runtime ports model',
  store: 'ports model',
  runtime: 'ports model',
  config: 'model',
  parse: 'model',
  normalise: 'model',
  fold: 'model',
  publish: 'model',
  ports: 'model',
  model: '',
};

/** A room with more files must be divided into sub-rooms. */
const MOST_FILES = 20;

const readsEnvironment = /\bprocess\.env\b/;
const readsClock = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bTemporal\.Now\b|\brandomUUID\(/;
/** These rooms return the same output for the same input: they use neither clock nor chance. */
const pureRooms = new Set(['parse', 'normalise', 'fold', 'publish', 'model']);

const src = resolve(import.meta.dirname, '../src');

test('src keeps the rules of its rooms, and every package stays in its home', () => {
  expect(faultsOf(src)).toEqual([]);
});

test('the table of docs/architecture.md has the rooms and imports that this test enforces', () => {
  const rows = [...readFileSync(resolve(src, '../docs/architecture.md'), 'utf8').matchAll(/^\| (`.+`) \| .+ \| (.+) \|$/gm)];
  const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '' && word !== 'nothing');
  const allBut = (...names: string[]) => Object.keys(rooms).filter((room) => !['main.ts', ...names].includes(room));
  const told = rows.flatMap(([, names = '', imports = '']) =>
    words(names.replaceAll('`', '')).map((room, at) => {
      // `ports` and `model` share a row, and a semicolon parts their imports.
      const named = imports === 'all but cli' ? allBut('cli', room) : words(imports.split(';')[at] ?? '');
      return [room, named.toSorted()] as const;
    }),
  );
  const held = Object.entries(rooms).map(([room, imports]) => [room, words(imports).toSorted()] as const);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(held));
});

test('a planted fault of each kind is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'newsfold-architecture-'));
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  plant('main.ts', "import '../package.json';\n");
  plant('drawer.ts', '');
  plant('model/a.ts', "import type { B } from '../fold/judge/b.ts';\nexport type A = B;\n");
  plant('fold/judge/b.ts', "import { request } from 'undici';\nexport type B = typeof request;\n");
  plant('fold/index.ts', "export * from './judge/b.ts';\n");
  plant('parse/c.ts', "import './d.ts';\nconst now = Date.now();\n");
  plant('parse/d.ts', "import './c.ts';\nexport const e = process.env['X'];\n");
  plant('ingest/e.ts', "const late = await import('../store/f.ts');\n");
  plant('store/f.ts', '');
  plant('attic/g.ts', '');
  for (let n = 0; n <= MOST_FILES; n++) plant(`serve/http/h${n}.ts`, '');
  try {
    expect(faultsOf(folder).toSorted()).toEqual([
      'attic/g.ts: stands in no room',
      'drawer.ts: stands in no room',
      'fold/index.ts: a barrel',
      'fold/index.ts: re-exports ./judge/b.ts',
      'fold/judge/b.ts: undici lives in ingest/http/fetch.ts, ingest/http/http-client.ts',
      'ingest/e.ts: may not import store/f.ts',
      'model/a.ts: may not import fold/judge/b.ts',
      'parse/c.ts: part of a cycle',
      'parse/c.ts: reads the clock',
      'parse/d.ts: part of a cycle',
      'parse/d.ts: reads process.env',
      'serve/http: 21 files, at most 20 fit in a room',
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
    const room = roomOf(file);
    if (!(room in rooms)) faults.push(`${file}: stands in no room`);
    if (readsEnvironment.test(code) && file !== 'config/load.ts') faults.push(`${file}: reads process.env`);
    if (readsClock.test(code) && pureRooms.has(room)) faults.push(`${file}: reads the clock`);
    for (const target of targets) if (!isAllowed(room, target)) faults.push(`${file}: may not import ${target}`);
  }
  for (const file of files) if (reaches(graph, file, file)) faults.push(`${file}: part of a cycle`);
  for (const [folder, { length }] of Map.groupBy(files, dirname))
    if (length > MOST_FILES) faults.push(`${folder}: ${length} files, at most ${MOST_FILES} fit in a room`);
  return faults;
}

/** Returns the first folder of a path, or the name of a file without a folder. */
function roomOf(file: string): string {
  return file.split('/')[0] ?? '';
}

function isAllowed(room: string, target: string): boolean {
  // package.json alone holds the version.
  if (target === '../package.json') return true;
  return roomOf(target) === room || (rooms[room] ?? '').split(' ').includes(roomOf(target));
}

function homeFaults(file: string, specifier: string): string[] {
  const name = specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
  const allowed = homes[name];
  if (!allowed || allowed.some((home) => (home.endsWith('/') ? file.startsWith(home) : file === home))) return [];
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
