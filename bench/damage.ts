import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Parser from 'rss-parser';
import { decodeText } from '../src/parse/text/decode.ts';
import { parseXml } from '../src/parse/xml/feed.ts';
import { countEntries, countSurvivors, createRandom, damages, filled, toFields } from '../tests/support/damage.ts';

/** Measures how much of a feed survives one damaged position: `node bench/damage.ts FOLDER
 *  [SEEDS]`. Every XML feed below the folder gets every damage of tests/support/damage.ts, once a
 *  seed. Prints the mean share of surviving fields in percent, beside rss-parser alone on the feeds
 *  that it reads at all. The same seeds give the same table. */
const [folder = '../shared/corpus/feeds', seeds = '5'] = process.argv.slice(2);

type Fields = readonly Readonly<Record<string, string>>[];

async function read(text: string): Promise<Fields> {
  const result = await parseXml(text, 'https://bench.test/feed');
  return result.kind === 'feed' ? result.feed.items.map(toFields) : [];
}

async function readAlone(text: string): Promise<Fields> {
  try {
    const { items } = await new Parser().parseString(text);
    return items.map((item: Record<string, unknown>) => {
      const { guid, id, link, title, content, summary, pubDate, creator, author, categories, enclosure } = item;
      const said = { guid: guid ?? id, url: link, title, html: item['content:encoded'] ?? content, summary, published: pubDate };
      const rest = { authors: creator ?? author, categories, enclosures: enclosure };
      return filled(
        Object.fromEntries(
          Object.entries({ ...said, ...rest }).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
        ),
      );
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return [];
  }
}

const texts = globSync('**/*', { cwd: folder, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => decodeText(readFileSync(join(entry.parentPath, entry.name)), null).text)
  .filter((text) => !/^\s*[{[]/.test(text));
process.stdout.write(`${'damage'.padEnd(24)}newsfold  rss-parser  feeds\n`);
for (const [name, damage] of Object.entries(damages)) {
  const shares: number[] = [];
  const alone: number[] = [];
  for (const text of texts) {
    const whole = await read(text);
    if (whole.length === 0) continue;
    const wholeAlone = await readAlone(text);
    for (let seed = 1; seed <= Number(seeds); seed++) {
      const damaged = damage(text, createRandom(seed * 7919 + text.length));
      if (damaged === null) break;
      const asked = countEntries(text, damaged.until);
      const { kept, all } = countSurvivors(whole, await read(damaged.text), asked);
      if (all > 0) shares.push(kept / all);
      if (process.env['WORST'] === name && kept < all)
        process.stdout.write(`${(kept / all).toFixed(2)} ${kept}/${all} seed ${seed} ${text.length}\n`);
      if (wholeAlone.length === 0) continue;
      const survivors = countSurvivors(wholeAlone, await readAlone(damaged.text), asked);
      if (survivors.all > 0) alone.push(survivors.kept / survivors.all);
    }
  }
  process.stdout.write(`${name.padEnd(24)}${percent(shares)}${percent(alone).padStart(12)}${String(shares.length).padStart(7)}\n`);
}

function percent(shares: readonly number[]): string {
  return ((100 * shares.reduce((sum, share) => sum + share, 0)) / Math.max(1, shares.length)).toFixed(1).padStart(8);
}
