import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** Widest line of a comment, in columns. */
const MOST_COLUMNS = 100;
/** Most words of a sentence. */
const MOST_WORDS = 25;
/** Longest name of a test, in characters. */
const MOST_CHARACTERS = 129;

/** A sentence that begins so hides its subject. A question ends in a question mark and may. */
const hidesSubject = /^(What|Who|Whoever|Whatever|Those|That|How|Where|Whose|Which)\b(?!.*\?$)/;

const root = resolve(import.meta.dirname, '..');
const files = ['src', 'tests', 'bench'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

test('comments are plain English: the subject first, 25 words a sentence, 100 columns', () => {
  expect(files.flatMap((file) => faultsOf(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('names of tests begin with their subject and fit on a line', () => {
  const named = files.filter((file) => file.endsWith('.test.ts') || file.includes('/contract/'));
  expect(named.flatMap((file) => nameFaultsOf(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('a planted fault of each kind is found', () => {
  const half = Array.from({ length: 13 }, () => 'word').join(' ');
  const code = [
    '/** What it returns. It may throw. */',
    `// A comment of ${half}`,
    `// ${half}.`,
    '',
    `// ${'x'.repeat(100)}`,
    '',
    '// Is it a question? Whose name is it?',
    `const url = 'https://example.org'; ${'/'.repeat(2)} How it ends`,
    "test('what comes goes', () => {});",
    `test('${'y'.repeat(130)}', () => {});`,
  ].join('\n');
  expect(faultsOf('a.ts', code)).toEqual([
    'a.ts: hides its subject: What it returns.',
    'a.ts: 29 words: A comment of word word word word …',
    'a.ts: 103 columns: // xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…',
    'a.ts: hides its subject: How it ends',
  ]);
  expect(nameFaultsOf('a.ts', code)).toHaveLength(2);
});

function faultsOf(file: string, code: string): string[] {
  const faults: string[] = [];
  for (const { lines } of commentsOf(code)) {
    for (const line of lines) if (line.length > MOST_COLUMNS) faults.push(`${file}: ${line.length} columns: ${line.trim().slice(0, 40)}…`);
    for (const sentence of sentencesOf(lines)) {
      const words = sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
      if (hidesSubject.test(sentence)) faults.push(`${file}: hides its subject: ${sentence}`);
      if (words.length > MOST_WORDS) faults.push(`${file}: ${words.length} words: ${words.slice(0, 7).join(' ')} …`);
    }
  }
  return faults;
}

function nameFaultsOf(file: string, code: string): string[] {
  const faults: string[] = [];
  for (const [, , name = ''] of code.matchAll(/^ *(?:test|it|describe)(?:\.\w+(?:\([^)]*\))?)*\(\s*(['"`])((?:(?!\1).)*)\1/gm)) {
    if (name.length > MOST_CHARACTERS) faults.push(`${file}: ${name.length} characters: ${name}`);
    if (hidesSubject.test(name.replace(/^\w/, (letter) => letter.toUpperCase()))) faults.push(`${file}: hides its subject: ${name}`);
  }
  return faults;
}

/** Returns the comments of a file: blocks, and lines that follow each other. */
function commentsOf(code: string): { readonly lines: string[] }[] {
  const comments: { lines: string[] }[] = [];
  let isBlock = false;
  let wasLine = false;
  for (const line of code.split('\n')) {
    const start: number = isBlock ? 0 : line.search(/^\s*\/\*\*|^\s*\/\/ (?!oxlint-)|(?<=[;,{}()[\]]) \/\/ /);
    if (start < 0) {
      wasLine = false;
      continue;
    }
    const opensBlock: boolean = isBlock || line.startsWith('/**', start);
    const isWhole = line.slice(0, start).trim() === '';
    if (isBlock || (!opensBlock && wasLine && isWhole)) comments.at(-1)?.lines.push(line);
    else comments.push({ lines: [isWhole ? line : ' '.repeat(start) + line.slice(start)] });
    wasLine = !opensBlock && isWhole;
    isBlock = opensBlock && !line.includes('*/', isBlock ? 0 : start + 3);
  }
  return comments;
}

function sentencesOf(lines: readonly string[]): string[] {
  const text = lines
    .map((line) =>
      line
        .trim()
        .replace(/^(\/\*\*|\/\/|\*\/|\*)\s*/, '')
        .replace(/\s*\*\/.*$/, '')
        .replace(/^@\w+\s*(\w+Error|\{[^}]*\})?/, '. '),
    )
    .join(' ');
  const plain = text.replace(/`[^`]*`/g, 'code').replace(/\b(e\.g|i\.e|etc|cf|vs|no|Dr|St|p)\./gi, '$1');
  return plain
    .split(/(?<=[.!?])["')\]]*\s+(?=["'(]?\p{L})|(?<=[:;])\s+(?=["'(]?\p{Lu})|(?<=\s)\.\s|^\.\s/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /\p{L}/u.test(sentence));
}
