import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseFeed as parseWithFeedsmith } from 'feedsmith';
import Parser from 'rss-parser';
import { decodeText } from '../src/parse/text/decode.ts';
import { parseFeed } from '../src/parse/parse.ts';
import { parseXml } from '../src/parse/xml/feed.ts';
import { makeFeed, shapes } from '../tests/support/made-feeds.ts';
import { measure } from './measure.ts';

/** Compares reading speed with rss-parser and feedsmith alone. Each reader runs in a process of its
 *  own, so none pays for the memory of another. They run in turn, because machines are noisy and
 *  ratios less so. Reads generated feeds of several shapes and, where ../shared exists, the XML
 *  feeds of the corpus over 50 kB. Prints MB/s of decoded text (as UTF-8) by CPU time, the median
 *  of several rounds: for decoded text alone, and with decoding. Feeds that a baseline refuses cost
 *  it their time as well. `node bench/parse.ts [READER]` prints the speeds of one reader as
 *  JSON. */
const ROUNDS = 40;
const corpus = resolve(import.meta.dirname, '../../shared/corpus/feeds');

const readers: Readonly<Record<string, (text: string, bytes: Uint8Array) => unknown>> = {
  newsfold: (text) => parseXml(text, 'https://bench.test/feed'),
  'with decoding': (_, bytes) => parseFeed({ bytes, contentType: null, url: 'https://bench.test/feed' }),
  'rss-parser': (text) => new Parser().parseString(text),
  feedsmith: (text) => parseWithFeedsmith(text),
};

interface Sample {
  readonly text: string;
  readonly bytes: Uint8Array;
}

function readSamples(): Map<string, readonly Sample[]> {
  const samples = new Map<string, readonly Sample[]>();
  for (const shape of shapes) {
    const text = makeFeed(shape, shape === 'rss-small' ? 6000 : 1200, 1);
    samples.set(shape, [{ text, bytes: Buffer.from(text) }]);
  }
  if (!existsSync(corpus)) return samples;
  const files = globSync('**/*', { cwd: corpus, withFileTypes: true }).filter((entry) => entry.isFile());
  const read = files
    .map((file) => readFileSync(join(file.parentPath, file.name)))
    .map((bytes) => ({ bytes, text: decodeText(bytes, null).text }));
  const large = read.filter(({ bytes, text }) => bytes.length > 50_000 && !/^\s*[{[]/.test(text));
  return samples.set(`corpus (${large.length})`, large);
}

/** Returns MB/s, the median of the rounds. */
async function measureReader(name: string, samples: readonly Sample[]): Promise<number> {
  const megabytes = samples.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1_000_000;
  const speeds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    for (const { text, bytes } of samples) {
      try {
        await readers[name]?.(text, bytes);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
      }
    }
    const used = process.cpuUsage(start);
    speeds.push(megabytes / ((used.user + used.system) / 1_000_000));
  }
  return speeds.toSorted((a, b) => a - b)[ROUNDS / 2] ?? 0;
}

const [only] = process.argv.slice(2);
if (only === undefined) {
  const results = new Map<string, Record<string, number>>();
  for (const name of Object.keys(readers)) {
    const { code, stdout, stderr } = await measure(import.meta.filename, [name]);
    if (code !== 0) throw new Error(stderr);
    results.set(name, JSON.parse(stdout) as Record<string, number>);
  }
  for (const sample of Object.keys(results.get('newsfold') ?? {})) {
    const speedOf = (name: string) => results.get(name)?.[sample] ?? 0;
    const cells = Object.keys(readers).map((name) => `${name} ${speedOf(name).toFixed(0)}`);
    const ratio = (name: string) => (speedOf('newsfold') / speedOf(name)).toFixed(1);
    process.stdout.write(
      `${sample.padEnd(14)}${cells.join(', ')} MB/s; ${ratio('rss-parser')} of rss-parser, ${ratio('feedsmith')} of feedsmith\n`,
    );
  }
  if (!existsSync(corpus)) process.stdout.write('corpus: skipped, ../shared is absent\n');
} else {
  const speeds: Record<string, number> = {};
  for (const [sample, samples] of readSamples()) speeds[sample] = await measureReader(only, samples);
  process.stdout.write(JSON.stringify(speeds));
}
