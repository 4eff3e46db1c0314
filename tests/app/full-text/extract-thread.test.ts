import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { createTextExtractor } from '../../../src/app/full-text/extract-thread.ts';
import type { TextExtractor } from '../../../src/app/full-text/extract-thread.ts';

const url = 'https://site.example/2026/05/the-story.html';
const expected = { title: 'Mending a dry stone wall', text: 'The wall above the lane fell in the second week of March.', url };
const toPage = (html: string | Uint8Array) => ({ bytes: Buffer.from(html), contentType: 'text/html', url });
const article = toPage(readFileSync(join(import.meta.dirname, '../../data/pages/blog.html')));
/** Readability takes minutes for this page: it climbs from every paragraph to the root. */
const hard = toPage(`<body>${'<div>'.repeat(100_000)}a, b`);
/** The page's tree takes ten times its size, which is more than forty megabytes. */
const large = toPage(`<body>${'<p>a<p>b'.repeat(400_000)}`);

let extractor: TextExtractor | null = null;
afterEach(async () => {
  await extractor?.close();
  extractor = null;
});

const codeOf = async (page: ReturnType<typeof toPage>) => {
  const text = await extractor?.extract(page, expected);
  return text?.kind === 'refused' ? `${text.problem.code}: ${text.problem.message.split(';')[0]}` : text?.kind;
};

test('a page that takes too long is refused, and the next one is read', async () => {
  extractor = createTextExtractor({ timeoutMs: 1500, memoryMb: 512 });
  const started = performance.now();
  expect(await Promise.all([codeOf(article), codeOf(hard), codeOf(article), codeOf(article)])).toEqual([
    'text',
    'page/too-hard: the linked page took longer than 1500 ms',
    'text',
    'text',
  ]);
  expect(performance.now() - started).toBeGreaterThan(1500);
});

test('a page that needs too much memory is refused, and the next one is read', async () => {
  extractor = createTextExtractor({ timeoutMs: 60_000, memoryMb: 40 });
  const [first, second] = await Promise.all([codeOf(large), codeOf(article)]);
  expect(first).toMatch(/^page\/too-hard: .*memory limit/);
  expect(second).toBe('text');
});

test('a page larger than any article is refused unread', async () => {
  extractor = createTextExtractor({ timeoutMs: 1, memoryMb: 1 });
  expect(await codeOf(toPage(' '.repeat(5_000_000)))).toBe('page/too-hard: the linked page is larger than 4 MiB');
});

test('waiting and later pages are rejected when the extractor is closed', async () => {
  extractor = createTextExtractor({ timeoutMs: 60_000, memoryMb: 512 });
  const asked = [extractor.extract(hard, expected), extractor.extract(article, expected)];
  const settled = Promise.allSettled(asked);
  await extractor.close();
  for (const result of await settled) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'page/no-thread' } });
  await expect(extractor.extract(article, expected)).rejects.toMatchObject({ code: 'page/no-thread' });
  await extractor.close();
});

test('the extractor works inside a thread, which ends by itself when the extractor is idle and not closed', async () => {
  const code = `
    const { createTextExtractor } = await import(${JSON.stringify(new URL('../../../src/app/full-text/extract-thread.ts', import.meta.url).href)});
    const { workerData, parentPort } = await import('node:worker_threads');
    const extractor = createTextExtractor({ timeoutMs: 60_000, memoryMb: 512 });
    parentPort.postMessage(await extractor.extract(workerData.page, workerData.expected));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { workerData: { page: article, expected } });
  const answers: unknown[] = [];
  worker.on('message', (answer) => answers.push(answer));
  const exitCode = await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  expect(exitCode).toBe(0);
  expect(answers).toMatchObject([{ kind: 'text' }]);
});
