import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseFeed as parseWithFeedsmith } from 'feedsmith';
import Parser from 'rss-parser';
import { decode } from '../src/parse/decode.ts';
import { parseFeed } from '../src/parse/parse.ts';
import { parseXml } from '../src/parse/xml.ts';
import { makeFeed, shapes } from '../tests/support/made-feeds.ts';

/** Reading speed beside rss-parser and feedsmith alone, in one process and in turn: machines are noisy, ratios less so. For made feeds of
 *  several shapes and, where ../shared is, for the corpus's XML feeds over 50 kB, prints MB/s of decoded text (as UTF-8) by CPU time, the
 *  median of several rounds: of decoded text alone, and of bytes with decoding. Feeds that a baseline refuses cost it their time all the same. */
const ROUNDS = 15;
const corpus = resolve(import.meta.dirname, '../../shared/corpus/feeds');

const readers: Readonly<Record<string, (text: string, bytes: Uint8Array) => unknown>> = {
  newsfold: (text) => parseXml(text, 'https://bench.test/feed'),
  'with decoding': (_, bytes) => parseFeed({ bytes, contentType: null, url: 'https://bench.test/feed' }),
  'rss-parser': (text) => new Parser().parseString(text),
  feedsmith: (text) => parseWithFeedsmith(text),
};

async function measure(texts: readonly string[], raw: readonly Uint8Array[]): Promise<Map<string, number>> {
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1_000_000;
  const speeds = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, read] of Object.entries(readers)) {
      const start = process.cpuUsage();
      for (const [index, text] of texts.entries()) {
        try {
          await read(text, raw[index] ?? new Uint8Array());
        } catch (error) {
          if (!(error instanceof Error)) throw error;
        }
      }
      const used = process.cpuUsage(start);
      speeds.set(name, [...(speeds.get(name) ?? []), megabytes / ((used.user + used.system) / 1_000_000)]);
    }
  }
  return new Map([...speeds].map(([name, list]) => [name, list.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0]));
}

function print(name: string, speeds: ReadonlyMap<string, number>): void {
  const ours = speeds.get('newsfold') ?? 0;
  const cells = [...speeds].map(([reader, speed]) => `${reader} ${speed.toFixed(0)}`).join(', ');
  const ratio = (reader: string) => (ours / (speeds.get(reader) ?? 1)).toFixed(2);
  process.stdout.write(`${name.padEnd(14)}${cells} MB/s; ${ratio('rss-parser')} of rss-parser, ${ratio('feedsmith')} of feedsmith\n`);
}

for (const shape of shapes) {
  const text = makeFeed(shape, shape === 'rss-small' ? 6000 : 1200, 1);
  print(shape, await measure([text], [Buffer.from(text)]));
}
if (existsSync(corpus)) {
  const files = globSync('**/*', { cwd: corpus, withFileTypes: true }).filter((entry) => entry.isFile());
  const raw = files.map((file) => readFileSync(join(file.parentPath, file.name)));
  const read = raw.map((bytes) => ({ bytes, text: decode(bytes, null).text }));
  const large = read.filter(({ bytes, text }) => bytes.length > 50_000 && !/^\s*[{[]/.test(text));
  const speeds = await measure(
    large.map(({ text }) => text),
    large.map(({ bytes }) => bytes),
  );
  print(`corpus (${large.length})`, speeds);
} else process.stdout.write('corpus: skipped, ../shared is absent\n');
