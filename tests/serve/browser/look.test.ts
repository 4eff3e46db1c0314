import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './axe.ts';
import { openBrowser } from './browser.ts';
import { findHtmlFaults } from '../../support/html-check.ts';
import { serveSite } from '../../support/site.ts';
import type { ServedSite } from '../../support/site.ts';
import { town } from './town.ts';

let browser: Browser;
let site: ServedSite;
const keys = new Map<string, string>();
beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser(), serveSite(town)]);
  const stories = (await (await fetch(`${site.url}/api/v1/stories`)).json()) as { key: string; title: string }[];
  for (const { key, title } of stories) keys.set(title, key);
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

/** Finds a story by the beginning of its title. */
function pathOf(start: string): string {
  const found = [...keys].find(([title]) => title.startsWith(start));
  return `/stories/${found?.[1]}/`;
}

/** Every kind of page. */
const pages: readonly (readonly [name: string, path: () => string])[] = [
  ['the front page', () => '/'],
  ['its second page', () => '/?page=2'],
  ["a feed's page", () => '/feeds/press/'],
  ['a search', () => '/?q=bridge&tag=press'],
  ['a search for nothing', () => '/?q=a+b'],
  ['a story with versions', () => pathOf('Flood gate')],
  ['a folded story', () => pathOf('Chain bridge')],
  ['a story with a table', () => pathOf('Market')],
  ['a story from right to left', () => pathOf('عودة')],
  ['a story without spaces', () => pathOf('旧港口')],
  ['the sources', () => '/sources/'],
  ['the page for what is not there', () => '/nothing'],
];

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  // Only the site itself can be reached.
  await page.route(/^(?!http:\/\/127\.0\.0\.1)/, (route) => route.abort());
  await page.goto(site.url + path);
  for (const summary of await page.locator('summary:visible').all()) await summary.click();
  return page;
}

/** Returns a computed style property of the first matching element. */
function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);
}

test.each(pages)('%s is accessible and valid HTML', async (_name, path) => {
  const page = await open(path(), { colorScheme: 'light', viewport: { width: 320, height: 800 } });
  expect(await findBarriers(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1200, height: 800 });
  expect(await findBarriers(page)).toEqual([]);
  await page.context().close();
  expect(await findHtmlFaults(await (await fetch(site.url + path())).text())).toEqual([]);
});

test.each(pages)('%s fits 320 px, and the light and dark themes have their backgrounds', async (_name, path) => {
  const papers: string[] = [];
  const page = await open(path(), { viewport: { width: 320, height: 640 } });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    papers.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
  }
  await page.context().close();
  expect(papers).toEqual(['rgb(253, 253, 252)', 'rgb(23, 24, 27)']);
});

test.each(pages)('%s requests nothing but pictures of entries from other hosts', async (_name, path) => {
  const page = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.route(/./, (route) => {
    const request = route.request();
    if (request.url().startsWith(site.url)) return route.continue();
    asked.push(`${request.resourceType()} ${request.url()} ${request.headers()['referer'] ?? ''}`);
    return route.abort();
  });
  await page.goto(site.url + path());
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await page.waitForLoadState('networkidle');
  const isMarket = path() === pathOf('Market');
  expect(asked).toEqual(isMarket ? ['image https://pictures.example/stall.jpg '] : []);
  expect(said.filter((text) => !/ERR_FAILED|status of 404/.test(text))).toEqual([]);
  await page.context().close();
});

test('the keyboard alone leads from the front page to a version and its changes, with a visible focus', async () => {
  const page = await open('/');
  const focused = () => page.evaluate('`${document.activeElement.tagName} ${document.activeElement.textContent.trim()}`');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('A Skip to content');
  expect(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  for (let step = 0; step < 150 && (await focused()) !== 'A Flood gate holds in the night'; step++) {
    await page.keyboard.press('Tab');
    // The focused element has an outline everywhere.
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/stories\//);
  for (let step = 0; step < 40 && !/^SUMMARY[^]*11:30/.test(String(await focused())); step++) await page.keyboard.press('Tab');
  expect(await focused()).toMatch(/^SUMMARY[^]*11:30/);
  expect(await page.locator('#Versions ins').first().isVisible()).toBe(false);
  await page.keyboard.press('Space');
  expect(await page.locator('#Versions ins').first().isVisible()).toBe(true);
  await page.context().close();
});

test('a text from right to left is shown so in lists and on its page; the page around it is not', async () => {
  const page = await open('/');
  const directionOf = async (selector: string) => styleOf(page, selector, 'direction');
  expect(await directionOf('h3[lang=ar]')).toBe('rtl');
  expect(await directionOf('h3[lang=en]')).toBe('ltr');
  await page.goto(site.url + pathOf('عودة'));
  expect([await directionOf('main h1'), await directionOf('.text p'), await directionOf('body')]).toEqual(['rtl', 'rtl', 'ltr']);
  expect(await page.locator('main h1').getAttribute('lang')).toBe('ar');
  await page.context().close();
});

test('added and removed text is marked without colour, and named for screen readers', async () => {
  const page = await open(pathOf('Flood gate'));
  const added = page.locator('#Versions ins').first();
  expect(await styleOf(page, '#Versions ins', 'textDecorationLine')).toBe('underline');
  expect(await added.textContent()).toMatch(/^\[added: .*\]$/s);
  await page.context().close();
});

test('the printed page has the text and no navigation', async () => {
  const page = await open(pathOf('Market'));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await page.locator('.text').isVisible()).toBe(true);
  expect(await page.locator('nav').first().isVisible()).toBe(false);
  expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(0, 0, 0)');
  await page.context().close();
});

test('a page of 50 stories weighs less than 60 kB before compression', async () => {
  const text = await (await fetch(site.url)).text();
  expect(text.match(/<article>/g)).toHaveLength(50);
  expect(Buffer.byteLength(text)).toBeLessThan(60_000);
});
