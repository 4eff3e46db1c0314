import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './axe.ts';
import { openBrowser } from './browser.ts';
import { hostileEntries, hostileTitles } from '../../support/hostile-entries.ts';
import { findHtmlFaults } from '../../support/html-check.ts';
import { serveSite } from '../../support/site.ts';
import type { ServedSite } from '../../support/site.ts';
import { toFeedFile } from './town.ts';
import { isFull, sample } from '../../support/scale.ts';

let browser: Browser;
let site: ServedSite;
const stories: { key: string; url: string; title: string }[] = [];

/** Each entry is a story of its own: its words are unique, so nothing folds. An attack that
 *  succeeds calls this function. */
const TRAP = 'attacked';
const items = [
  ...hostileEntries.map(({ name, html }, index) => ({ title: `Entry ${index}: ${name}`, text: html })),
  ...hostileTitles.map(({ title }, index) => ({ title, text: `<p>Text ${index} below a hostile title.</p>` })),
].map((item, index) => ({
  ...item,
  link: `https://hostile.example/${index}`,
  date: new Date(Date.UTC(2026, 10, 20) - index * 3_600_000).toUTCString(),
}));

beforeAll(async () => {
  const files = {
    'newsfold.yaml':
      'site: { title: Hostile, url: $URL }\nstore: sqlite:h.db\nfold: { level: "off" }\nsources:\n  - { id: hostile, file: hostile.xml, fold: false }\nfeeds:\n  - { slug: all, title: Hostile }\n',
    'hostile.xml': toFeedFile('Hostile', 'https://hostile.example/', 'en', items),
  };
  [browser, site] = await Promise.all([openBrowser(), serveSite(files)]);
  for (let page = 1; stories.length < items.length && page < 10; page++) {
    const answer = await fetch(`${site.url}/api/v1/stories?page=${page}`);
    if (answer.ok) stories.push(...((await answer.json()) as typeof stories));
  }
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

/** A page that records everything it must not do. */
async function openTrap(): Promise<{ readonly page: Page; readonly notes: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 320, height: 640 } })).newPage();
  const notes: string[] = [];
  await page.exposeFunction(TRAP, (said: unknown) => void notes.push(`ran: ${String(said)}`));
  page.on('dialog', (dialog) => {
    notes.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => notes.push('a window was opened'));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) notes.push(`only the policy held it: ${message.text()}`);
  });
  await page.route(/./, (route) => {
    const request = route.request();
    const isOwn = request.url().startsWith(`${site.url}/`);
    if (!isOwn && !['image', 'media'].includes(request.resourceType())) notes.push(`asked: ${request.resourceType()} ${request.url()}`);
    return isOwn ? route.continue() : route.abort();
  });
  return { page, notes };
}

/** Returns the parts of the frame that a page lost, and elements outside their place. */
const LOOK = `(() => {
  const faults = [];
  const one = (selector) => document.querySelectorAll(selector).length === 1 || faults.push('not one ' + selector);
  ['body > header.top', 'body > main', 'body > footer.bottom', 'main h1', 'main .text'].forEach(one);
  if (document.documentElement.scrollWidth > 320) faults.push('wider than 320 px: ' + document.documentElement.scrollWidth);
  const text = document.querySelector('main .text');
  const frame = text.getBoundingClientRect();
  for (const element of text.querySelectorAll('*')) {
    const style = getComputedStyle(element);
    if (['fixed', 'absolute', 'sticky'].includes(style.position)) faults.push(element.tagName + ' is ' + style.position);
    if (element.id || element.getAttribute('style') || element.getAttribute('class') && !['wide', 'newsfold-also'].includes(element.className)) faults.push(element.tagName + ' has id, class or style');
  }
  const footer = document.querySelector('footer.bottom').getBoundingClientRect();
  if (footer.top < frame.bottom) faults.push('the text reaches over the footer');
  if (document.title.includes('\\u202e')) faults.push('a title that turns round');
  return faults;
})()`;

/** The reader opens every part of the page. */
const TOUCH = `for (const element of document.querySelectorAll('.text, .text *, main h1')) {
  element.focus?.();
  for (const kind of ['mouseover', 'mouseenter', 'pointerdown', 'animationstart', 'toggle', 'error', 'load', 'copy', 'wheel'])
    element.dispatchEvent(new Event(kind, { bubbles: true }));
}`;

test('every hostile entry and title came through to a page', () => {
  expect(stories).toHaveLength(items.length);
  expect(items.length).toBeGreaterThan(100);
});

test(
  'no part of a hostile entry runs, requests, leaves or breaks the page, even when focused and touched',
  // The long form opens hundreds of pages in a browser.
  { timeout: 300_000 },
  async () => {
    const { page, notes } = await openTrap();
    const faults: string[] = [];
    for (const { key, url, title } of sample(stories, 4)) {
      const address = `${site.url}/stories/${key}/`;
      await page.goto(address);
      faults.push(...(await page.evaluate<string[]>(LOOK)).map((fault) => `${title}: ${fault}`));
      await page.evaluate(TOUCH);
      if (page.url() !== address) faults.push(`${title}: left for ${page.url()}`);
      faults.push(...notes.splice(0).map((note) => `${title} (${url}): ${note}`));
    }
    expect(faults).toEqual([]);
    await page.context().close();
  },
);

test('lists of hostile titles run nothing, and keep their layout', async () => {
  const { page, notes } = await openTrap();
  for (let n = 1; n <= Math.ceil(items.length / 50); n++) {
    await page.goto(`${site.url}/?page=${n}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    expect(await page.locator('article').count()).toBe(Math.min(50, items.length - 50 * (n - 1)));
    expect(await findBarriers(page)).toEqual([]);
    expect(await findHtmlFaults(await page.content())).toEqual([]);
  }
  expect(notes).toEqual([]);
  await page.context().close();
});

// The long form opens hundreds of pages in a browser.
test('pages of hostile entries are valid HTML without barriers', { timeout: 300_000 }, async () => {
  const { page } = await openTrap();
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { key, title } of sample(stories, 4)) {
    const address = `${site.url}/stories/${key}/`;
    const text = await (await fetch(address)).text();
    const body = /<div class="text"[\s\S]*/.exec(text)?.[0].replace(/\d+|<time[\s\S]*/g, '') ?? '';
    // Sanitising reduces many of them to the same words.
    if (seen.has(body)) continue;
    seen.add(body);
    await page.goto(address);
    faults.push(...[...(await findBarriers(page, '.text')), ...(await findHtmlFaults(text))].map((fault) => `${title}: ${fault}`));
  }
  expect(seen.size).toBeGreaterThan(isFull ? 50 : 12);
  expect(faults).toEqual([]);
  await page.context().close();
});
