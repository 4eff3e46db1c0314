import Parser from 'rss-parser';
import { parseFeed } from '../src/parse/parse.ts';

/** Reading speed beside rss-parser alone, on feeds made here, in one process and one run: machines are noisy, ratios less so.
 *  Prints MB/s of decoded text as the median of several rounds. */
const ROUNDS = 7;
const words = 'harbour council votes seven four second slipway beside ice house ferry sails again tide mill lamp storm road closed'.split(
  ' ',
);

function makeFeed(items: number): string {
  let seed = 1;
  const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648);
  const text = (count: number) => Array.from({ length: count }, () => words[next() % words.length]).join(' ');
  const item = (n: number) =>
    `<item><title>${text(8)}</title><link>https://bench.test/${n}</link><guid>https://bench.test/${n}</guid><pubDate>Tue, 10 Mar 2026 12:00:00 GMT</pubDate><description><![CDATA[<p>${text(120)}</p>]]></description></item>`;
  return `<rss version="2.0"><channel><title>bench</title><link>https://bench.test/</link>${Array.from({ length: items }, (_, n) => item(n)).join('')}</channel></rss>`;
}

async function measure(work: () => Promise<unknown>, megabytes: number): Promise<number> {
  const speeds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage();
    await work();
    const used = process.cpuUsage(start);
    speeds.push(megabytes / ((used.user + used.system) / 1_000_000));
  }
  return speeds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

const xml = makeFeed(2000);
const bytes = new TextEncoder().encode(xml);
const megabytes = bytes.length / 1_000_000;
const baseline = await measure(() => new Parser().parseString(xml), megabytes);
const ours = await measure(() => parseFeed({ bytes, contentType: null, url: 'https://bench.test/feed' }), megabytes);
process.stdout.write(
  `reading ${megabytes.toFixed(1)} MB: rss-parser ${baseline.toFixed(0)} MB/s, newsfold ${ours.toFixed(0)} MB/s, ratio ${(ours / baseline).toFixed(2)}\n`,
);
