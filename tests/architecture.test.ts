import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const runMayImport = [
  'model/',
  'ports/',
  'ingest/due.ts',
  'parse/parse.ts',
  'normalise/normalise.ts',
  'fold/fold.ts',
  'publish/select.ts',
  'publish/document.ts',
];

/** STYLE §1: which file of src/ may import which. Patterns end in / for a folder; the first row that matches the importer counts. */
const mayImport: readonly (readonly [from: string, to: readonly string[]])[] = [
  ['model/', ['../package.json']],
  ['ports/', ['model/']],
  ['config/', ['model/']],
  ['parse/', ['model/']],
  ['normalise/', ['model/']],
  ['fold/', ['model/']],
  ['publish/', ['model/']],
  ['ingest/', ['model/', 'ports/']],
  ['store/', ['model/', 'ports/']],
  ['queue/', ['model/', 'ports/']],
  // Pages are documents too, and so is what the API says.
  ['serve/pages/', ['model/', 'ports/', 'publish/']],
  ['serve/', ['model/', 'ports/', 'publish/json-forms.ts', 'publish/large-texts.ts', 'publish/sanitise.ts', 'publish/story-text.ts']],
  ['silence.ts', ['model/']],
  ['views.ts', ['silence.ts', 'model/', 'ports/', 'publish/search-words.ts', 'publish/select.ts', 'publish/story-text.ts']],
  ['story-view.ts', ['views.ts', 'fold/reasons.ts', 'model/', 'ports/']],
  ['readiness.ts', ['views.ts']],
  ['static-pages.ts', ['views.ts', 'story-view.ts', 'serve/pages/', 'model/']],
  ['run-parts.ts', runMayImport],
  ['memory.ts', []],
  ['reading.ts', ['run-parts.ts', 'memory.ts', 'normalise/loops.ts', ...runMayImport]],
  ['read-folder.ts', ['run-parts.ts', 'reading.ts', ...runMayImport]],
  ['find-feed.ts', ['run-parts.ts', 'ingest/fetch-problem.ts', 'parse/discover.ts', 'parse/site-feeds.ts', ...runMayImport]],
  ['recognition.ts', ['normalise/identity.ts', 'normalise/recognise.ts', ...runMayImport]],
  [
    'full-texts.ts',
    [
      'run-parts.ts',
      'reading.ts',
      'lanes.ts',
      'normalise/identity.ts',
      'normalise/lacks-text.ts',
      'normalise/text.ts',
      'normalise/title.ts',
      ...runMayImport,
    ],
  ],
  [
    'inspect.ts',
    [
      'run-parts.ts',
      'find-feed.ts',
      'recognition.ts',
      'normalise/identity.ts',
      'normalise/recognise.ts',
      'parse/discover.ts',
      'parse/local.ts',
      'parse/site-feeds.ts',
      ...runMayImport,
    ],
  ],
  [
    'read-source.ts',
    [
      'run-parts.ts',
      'reading.ts',
      'read-folder.ts',
      'find-feed.ts',
      'full-texts.ts',
      'recognition.ts',
      'ingest/fetch-problem.ts',
      'normalise/loops.ts',
      'normalise/poll-facts.ts',
      ...runMayImport,
    ],
  ],
  ['lanes.ts', []],
  ['fold-stage.ts', ['run-parts.ts', 'memory.ts', 'fold/guards.ts', 'fold/profile.ts', ...runMayImport]],
  ['publish-stage.ts', ['run-parts.ts', 'memory.ts', 'publish/listing.ts', ...runMayImport]],
  ['takedown.ts', ['run-parts.ts', ...runMayImport]],
  ['render.ts', ['publish-stage.ts', 'model/', 'ports/', 'publish/']],
  [
    'run.ts',
    [
      'publish-stage.ts',
      'takedown.ts',
      'run-parts.ts',
      'memory.ts',
      'fold-stage.ts',
      'lanes.ts',
      'reading.ts',
      'read-source.ts',
      ...runMayImport,
    ],
  ],
  ['refold.ts', ['run-parts.ts', 'fold-stage.ts', ...runMayImport]],
  ['corrections.ts', ['run-parts.ts', 'run.ts', 'model/', 'ports/']],
  ['schedule.ts', ['ports/']],
  ['extract-thread.ts', ['extract-worker.ts', 'model/']],
  ['extract-worker.ts', ['parse/full-text.ts', 'model/']],
  ['run-worker.ts', ['app.ts', 'run.ts', ...runMayImport]],
  [
    'app.ts',
    [
      'run-parts.ts',
      'model/',
      'ports/',
      'config/',
      'ingest/',
      'parse/',
      'normalise/',
      'fold/',
      'store/',
      'queue/',
      'publish/',
      'serve/',
      'publish-stage.ts',
      'extract-thread.ts',
      'render.ts',
      'run.ts',
      'corrections.ts',
      'views.ts',
      'story-view.ts',
      'readiness.ts',
      'static-pages.ts',
      'schedule.ts',
    ],
  ],
  [
    'commands/',
    [
      'app.ts',
      'run.ts',
      'run-parts.ts',
      'refold.ts',
      'corrections.ts',
      'inspect.ts',
      'ingest/fetch-problem.ts',
      'run-worker.ts',
      'schedule.ts',
      'config/',
      'parse/',
      'fold/',
      'publish/',
      'normalise/recognise.ts',
      ...runMayImport,
    ],
  ],
  ['main.ts', ['commands/', 'model/']],
];

/** STYLE §1.3: each package has one home. yaml is also at home in the reader of front matter, linkedom in the reader of HTML pages. */
const homes: Readonly<Record<string, readonly string[]>> = {
  undici: ['ingest/fetch.ts'],
  'robots-parser': ['ingest/crawl.ts'],
  'rss-parser': ['parse/xml.ts'],
  entities: ['parse/xml-reader.ts', 'parse/discover.ts', 'parse/opml.ts'],
  feedsmith: ['parse/json-feed.ts', 'parse/opml.ts'],
  feed: ['publish/atom.ts'],
  'node-cron': ['schedule.ts'],
  hono: ['serve/'],
  '@hono/node-server': ['serve/'],
  kysely: ['store/'],
  'node:sqlite': ['store/dialects.ts'],
  pg: ['store/postgres.ts'],
  'pg-boss': ['queue/pg-boss.ts'],
  zod: ['config/'],
  yaml: ['config/', 'parse/front-matter.ts'],
  diff: ['publish/'],
  parse5: ['publish/page-tree.ts'],
  htmlparser2: ['normalise/text.ts'],
  linkedom: ['parse/html-document.ts'],
  '@mozilla/readability': ['parse/page-content.ts'],
  'markdown-it': ['parse/local.ts'],
  'sanitize-html': ['publish/sanitise.ts'],
  re2js: ['publish/'],
  chokidar: ['ingest/'],
  'ipaddr.js': ['ingest/'],
  'node:worker_threads': ['commands/run-thread.ts', 'run-worker.ts', 'extract-thread.ts', 'extract-worker.ts'],
  'node:fs': ['ingest/files.ts', 'config/load.ts', 'config/watch.ts', 'store/dialects.ts', 'commands/'],
  'node:fs/promises': ['ingest/files.ts', 'config/load.ts', 'commands/'],
  commander: ['main.ts'],
  pino: ['app.ts'],
};

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
      'fold/b.ts: undici lives in ingest/fetch.ts',
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
  return pattern.endsWith('/') ? file.startsWith(pattern) : file === pattern;
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
