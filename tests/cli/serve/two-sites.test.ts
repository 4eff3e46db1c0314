import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveSite } from '../../support/site.ts';

const toConfig = (sources: string, websub: string) => `site: { title: One of two, url: "$URL" }
store: sqlite:test.db
schedule: "0 0 1 1 *"
fetch: { allowPrivateAddresses: [127.0.0.0/8] }
websub: ${websub}
log: { level: info, format: json }
sources: [${sources}]
feeds:
  - { slug: all, title: Everything }
`;

/** Polls until the condition holds; the time limit is the test's, not the program's. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 30_000; !(await isSo());) {
    if (performance.now() > end) throw new Error('it did not come to be so');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test(
  'an article saved at one site is in the feed of a subscribed site within a moment',
  // Two servers deliver to each other.
  { timeout: 120_000 },
  async () => {
    await using first = await serveSite({
      'newsfold.yaml': toConfig('{ articles: articles }', '{ hub: own }'),
      'articles/one.txt': 'The first article\n\nIts text, which is short.\n',
    });
    const titlesOf = async (url: string) => {
      const { items } = (await (await fetch(`${url}/feed.json`)).json()) as { items: { title: string }[] };
      return items.map(({ title }) => title);
    };
    await until(async () => (await titlesOf(first.url)).length === 1);
    await using second = await serveSite({ 'newsfold.yaml': toConfig(`{ id: a, feed: "${first.url}/feed.atom" }`, '{ subscribe: true }') });
    await until(async () => (await titlesOf(second.url)).length === 1);
    await until(async () => second.log().includes('a hub has verified a request'));
    const times: number[] = [];
    for (let n = 2; n <= 6; n++) {
      const start = performance.now();
      writeFileSync(
        join(first.folder, `articles/${n}.txt`),
        `Article number ${n}\n\nWhat is said in number ${n} is said nowhere else: ${'word '.repeat(n)}.\n`,
      );
      await until(async () => (await titlesOf(second.url)).includes(`Article number ${n}`));
      times.push(performance.now() - start);
    }
    process.stdout.write(`saved at one site, in feed.json of the other after ${times.map((time) => time.toFixed(0)).join(', ')} ms\n`);
    expect(await titlesOf(second.url)).toHaveLength(6);
    // The second site got every article by WebSub: it polled only once.
    expect(second.log().match(/"msg":"polled"/g)).toHaveLength(1);
  },
);
