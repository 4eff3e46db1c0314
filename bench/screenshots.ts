import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openBrowser } from '../tests/serve/browser/browser.ts';
import { startNewsfold } from '../tests/support/newsfold.ts';
import { serveSite } from '../tests/support/site.ts';
import { toFeedFile } from '../tests/serve/browser/town.ts';

/** Takes the pictures of the README: the front page and a story with its versions from the sample.
 *  The sources page comes from feeds made here, because the sample has none that fails or falls
 *  silent. Writes docs/*.png. */
const root = resolve(import.meta.dirname, '..');
const DAY = 86_400_000;

/** Returns a feed with one entry for each of these ages in days. */
function toFeed(title: string, ago: readonly number[]): string {
  const home = `https://${title.toLowerCase().replaceAll(' ', '-')}.example/`;
  const items = ago.map((days, index) => ({
    title: `${title}, letter ${ago.length - index}`,
    link: `${home}${index}`,
    text: `<p>What happened in letter ${ago.length - index} of ${title}.</p>`,
    date: new Date(Date.now() - days * DAY - 3_600_000).toUTCString(),
  }));
  return toFeedFile(title, home, 'en', items);
}

const days = (count: number, step: (index: number) => number) => Array.from({ length: count }, (_, index) => step(index));
const sources = {
  'newsfold.yaml': `site: { title: Harbour towns, url: $URL, description: "Three towns, one front page" }
store: sqlite:s.db
sources:
  - { id: daily, file: daily.xml, tags: [news] }
  - { id: weekly, file: weekly.xml, tags: [letters] }
  - { id: broken, file: broken.xml, title: Ness Weather }
feeds:
  - { slug: all, title: Harbour towns }
`,
  'daily.xml': toFeed(
    'Brackwater Courier',
    days(70, (index) => index * 0.8 + (index % 3) * 0.2),
  ),
  'weekly.xml': toFeed(
    'Letters from Gull Point',
    days(9, (index) => index * 7),
  ),
  'broken.xml': '<html><title>Error</title>The feed is being mended.</html>',
};

const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 900, height: 760 } });
const folder = mkdtempSync(join(tmpdir(), 'newsfold-pictures-'));
for (const name of ['config', 'feeds']) cpSync(join(root, name), join(folder, name), { recursive: true });
const sample = startNewsfold(['serve', '--port', '0'], { cwd: folder });
const [, url = ''] = await sample.waitFor(/ on (http:\/\/\S+)[\s\S]*Next runs/);
await page.goto(url);
await page.screenshot({ path: join(root, 'docs/front-page.png') });
await page.getByRole('link', { name: 'The Old Ferry Sails Again' }).click();
await page.getByText('Why it is the same story').click();
await page.locator('#Versions summary').click();
await page.locator('.owner').scrollIntoViewIfNeeded();
await page.screenshot({ path: join(root, 'docs/story.png'), fullPage: true });
await sample.stop();
{
  await using site = await serveSite(sources);
  await page.goto(`${site.url}/sources/`);
  await page.screenshot({ path: join(root, 'docs/sources.png'), fullPage: true });
}
await browser.close();
rmSync(folder, { recursive: true });
