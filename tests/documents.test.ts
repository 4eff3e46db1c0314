import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const list = (folder: string, end: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...list('docs', '.md')];
/** This file is excluded: it contains planted faults. */
const code = ['src', 'tests', 'bench'].flatMap((folder) => list(folder, '.ts')).filter((path) => path !== 'tests/documents.test.ts');

/** Texts from outside the repository, which its readers cannot open. */
const outside = /\b(?:DESIGN|STYLE|HOUSE) §|\bCHECKS [AB]\d|\bFAULTS\b|\bREADME, "/;

test('every citation of a document has a target', () => {
  expect([...code, ...pages].flatMap((path) => findCitationFaults(path, read(path)))).toEqual([]);
});

test('no comment cites a text from outside the repository', () => {
  const faults = code.filter((path) => outside.test(unwrap(read(path))));
  expect(faults).toEqual([]);
});

test('every relative link of a document leads to a file and a heading', () => {
  expect(pages.flatMap((path) => findLinkFaults(path, read(path)))).toEqual([]);
});

test('the package holds every file that its front page leads to', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  const linked = [...read('README.md').matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(linked.length).toBeGreaterThan(20);
  expect(linked.filter((link) => !files.includes(link.split('/')[0] ?? ''))).toEqual([]);
});

test('every file that a document names exists', () => {
  const tests = list('tests', '.test.ts');
  const faults = pages
    .filter((path) => path !== 'CHANGELOG.md')
    .flatMap((path) => {
      const text = read(path);
      // NAME and ROOM stand for files that a reader is to create.
      const paths = [...text.matchAll(/(?<![\w./-])(?:src|tests|bench|deploy|bin)\/[\w./-]*\w/g)]
        .map(([found]) => found)
        .filter((found) => !/NAME|ROOM/.test(found));
      // A test may be named without its folders, or with the last of them.
      const named = [...text.matchAll(/(?<![\w./-])[\w/-]+\.test\.ts\b/g)].map(([found]) => found);
      const lost = [
        ...paths.filter((found) => !existsSync(join(root, found))),
        ...named.filter((found) => !/NAME|ROOM/.test(found) && !tests.some((file) => `/${file}`.endsWith(`/${found}`))),
      ];
      return [...new Set(lost)].map((found) => `${path}: ${found}`);
    });
  expect(faults).toEqual([]);
});

test('every file that a comment names exists', () => {
  const files = [...code, ...list('docs', '.md')].map((path) => `/${path}`);
  const faults = code.flatMap((path) => {
    const comments = read(path).match(/^\s*(?:\/\*\*|\*|\/\/).*$/gm) ?? [];
    const named = comments.flatMap((line) => line.match(/(?<![\w./-])[\w-]+(?:\/[\w.-]+)*\.ts\b/g) ?? []);
    return named.filter((name) => !files.some((file) => file.endsWith(`/${name}`))).map((name) => `${path}: ${name}`);
  });
  expect(faults).toEqual([]);
});

test('the walks of docs/architecture.md name existing files, each once', () => {
  const walks =
    read('docs/architecture.md')
      .split('\n## ')
      .find((part) => part.startsWith('Walks')) ?? '';
  const faults = walks.split('\n- ').flatMap((walk) => {
    const files = [...walk.matchAll(/`([\w-]+\/[\w./-]+\.ts)`/g)].map(([, file = '']) => file);
    return files.filter((file, at) => files.indexOf(file) !== at || !existsSync(join(root, 'src', file)));
  });
  expect(faults).toEqual([]);
});

test('the front page and the map of the code stay short, and every page is on the front page', () => {
  expect(Buffer.byteLength(read('README.md'))).toBeLessThanOrEqual(8192);
  expect(Buffer.byteLength(read('docs/architecture.md'))).toBeLessThanOrEqual(6144);
  const front = read('README.md');
  expect(list('docs', '.md').filter((path) => !front.includes(`(${path})`))).toEqual([]);
});

test('a planted fault of each kind is found', () => {
  const planted = [
    '/** Rules (docs/design.md §1,',
    ' *  §999) and (docs/polling.md A2, A5 to A9, A77). */',
    '// docs/serving.md#b9-nothing, docs/nowhere.md and docs/polling.md#a1-only-the-first-request-is-unconditional',
  ].join('\n');
  expect(findCitationFaults('x.ts', planted)).toEqual([
    'x.ts: docs/design.md §999',
    'x.ts: docs/polling.md A77',
    'x.ts: docs/serving.md#b9-nothing',
    'x.ts: docs/nowhere.md',
  ]);
  expect(findLinkFaults('README.md', '[a](docs/no.md) [b](docs/design.md#no) [c](#start) [d](https://x.test/no.md)')).toEqual([
    'README.md: docs/no.md',
    'README.md: docs/design.md#no',
  ]);
  expect(outside.test(unwrap('/** See (DESIGN\n *  §4). */'))).toBe(true);
});

/** Returns a text without line breaks and comment marks, because a citation may be wrapped. */
function unwrap(text: string): string {
  return text.replaceAll(/\s*\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
}

/** Returns citations without a target, such as `docs/design.md §4`, `docs/polling.md A2, A5 to A9`
 *  and `docs/operation.md#backup`. */
function findCitationFaults(path: string, text: string): string[] {
  const one = /(?:§\d+|[AB]\d+)/.source;
  const citation = new RegExp(String.raw`\b(docs/[\w-]+\.md)(?:#([\w-]+)| (${one}(?:(?:, | to | and )${one})*))?`, 'g');
  return [...unwrap(text).matchAll(citation)].flatMap(([, page = '', heading, marks]) => {
    if (!existsSync(join(root, page))) return [`${path}: ${page}`];
    const target = read(page);
    if (heading !== undefined && !headingsOf(target).includes(heading)) return [`${path}: ${page}#${heading}`];
    const named = marks?.match(new RegExp(one, 'g')) ?? [];
    const isThere = (mark: string) => (mark.startsWith('§') ? target.includes(`**${mark} `) : target.includes(`\n## ${mark}: `));
    return named.filter((mark) => !isThere(mark)).map((mark) => `${path}: ${page} ${mark}`);
  });
}

/** Returns relative links of a document whose file or heading is missing. */
function findLinkFaults(path: string, text: string): string[] {
  const links = [...text.replaceAll(/```.*?```/gs, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', heading] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return heading !== undefined && !headingsOf(read(target)).includes(heading);
    })
    .map((link) => `${path}: ${link}`);
}

/** Returns the names of headings in links, as forges make them: lower case, hyphens for spaces, no
 *  punctuation. */
function headingsOf(text: string): string[] {
  return [...text.replaceAll(/```.*?```/gs, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
