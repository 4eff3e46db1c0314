import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, openBrowser } from './browser.ts';
import { serveSite } from '../../support/site.ts';
import type { ServedSite } from '../../support/site.ts';
import { all, parseStrictly } from '../../support/strict-xml.ts';
import { town } from './town.ts';

let browser: Browser;
let site: ServedSite;
beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser(), serveSite(town)]);
});
afterAll(async () => {
  await browser.close();
  await site[Symbol.asyncDispose]();
});

const titlesOf = (page: Page) => page.locator('article h3').allTextContents();

/** Everything works without scripts too, since pages have none. */
test.each([
  ['with scripts allowed', true],
  ['without scripts', false],
])('a newcomer reads, sees what changed, finds the sources and subscribes, %s', async (_name, javaScriptEnabled) => {
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(site.url);
  expect(await page.locator('h1').textContent()).toBe('Wend Planet');
  expect(await page.locator('section.day h2').first().textContent()).toBe('Friday, 20 November 2026');
  expect(await titlesOf(page)).toHaveLength(50);

  const folded = page.locator('article', { hasText: 'crack is found' });
  expect(await folded.count()).toBe(1);
  expect(await folded.locator('.meta').innerText()).toMatch(
    /^(The Wend Gazette, also at Radio Wend|Radio Wend, also at The Wend Gazette) · 11:5\d · 2 sources$/,
  );

  await follow(page.getByRole('link', { name: 'Flood gate holds in the night' }));
  expect(await page.locator('h1').textContent()).toBe('Flood gate holds in the night');
  const timeline = page.locator('#Versions');
  expect(await timeline.locator('ins').isVisible()).toBe(false);
  await timeline.locator('summary').click();
  expect(await timeline.locator('ins').first().isVisible()).toBe(true);
  expect(await timeline.locator('ins').first().textContent()).toContain('The gate was opened again at eleven.');
  expect(await timeline.locator('del').count()).toBe(0);

  await page.goBack();
  await follow(folded.getByRole('link', { name: 'crack is found' }));
  await page.getByText('Why it is the same story').click();
  expect(await page.locator('.members details p').first().textContent()).toMatch(/\d+ % of/);
  await page.getByText('The numbers').click();
  expect(await page.locator('table.numbers td').first().textContent()).toMatch(/^[\d.]+$/);

  await follow(page.getByRole('link', { name: 'Sources' }));
  expect(await page.locator('h1').textContent()).toBe('Sources');
  expect(await page.locator('.source').count()).toBe(7);
  expect(await page.locator('#broken').textContent()).toMatch(/failed at the last poll/);
  expect(await page.locator('#broken .warn').textContent()).not.toContain(site.folder);

  await follow(page.getByRole('link', { name: 'Stories', exact: true }));
  const address = (await page.locator('.subscribe code').textContent()) ?? '';
  expect(address).toBe(await page.getByRole('link', { name: 'Atom' }).getAttribute('href'));
  expect(address).toBe(await page.locator('link[rel=alternate][type="application/atom+xml"]').first().getAttribute('href'));
  const feed = parseStrictly(await (await fetch(address)).text());
  const entries = all(feed, 'entry').map((entry) => all(entry, 'title')[0]?.text);
  expect(entries).toEqual(await titlesOf(page));
  await context.close();
});

test('paging leads to the oldest story and back, each story once', async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  const first = await titlesOf(page);
  await follow(page.getByRole('link', { name: 'Older stories' }));
  const second = await titlesOf(page);
  expect(new Set([...first, ...second]).size).toBe(65);
  expect(await page.getByRole('link', { name: 'Older stories' }).count()).toBe(0);
  await follow(page.getByRole('link', { name: 'Newer stories' }));
  expect(page.url()).toBe(`${site.url}/`);
  await page.close();
});

test.each([
  ['sandbags', ['Flood gate holds in the night']],
  ['CHEESE knives', ['Market returns to the square']],
  ['"parish number 17 took"', ['Parish 17 counts its ponds']],
  ['港口', ['旧港口重新开放']],
  ['السوق', ['عودة السوق إلى الساحة القديمة']],
  ['nowhere to be found', []],
  ['<script>alert(1)</script>', []],
])('a search for %s finds %j', async (query, expected) => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await page.getByLabel('Search').fill(query);
  await page.getByLabel('Search').press('Enter');
  await page.waitForURL(/\?q=/);
  expect(await titlesOf(page)).toEqual(expected);
  expect(await page.getByLabel('Search').inputValue()).toBe(query);
  expect(await page.locator('.selection q').textContent()).toBe(query);
  await follow(page.getByRole('link', { name: 'Show all' }));
  expect(await titlesOf(page)).toHaveLength(50);
  await page.close();
});

test('stories are filtered by source and by tag, and searched within', async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  await follow(page.locator('article', { hasText: 'crack is found' }).getByRole('link', { name: 'Radio Wend' }));
  expect(await titlesOf(page)).toHaveLength(1);
  expect(await page.locator('.selection').innerText()).toBe('Only stories from Radio Wend. Show all');
  await follow(page.getByRole('link', { name: 'press', exact: true }));
  expect(await titlesOf(page)).toHaveLength(2);
  await page.getByLabel('Search').fill('market');
  await follow(page.getByRole('button', { name: 'Search' }));
  expect(await titlesOf(page)).toEqual(['Market returns to the square']);
  expect(page.url()).toBe(`${site.url}/?q=market&tag=press`);
  await page.close();
});

test('error pages have the same look, with the way back', async () => {
  const page = await browser.newPage();
  for (const path of ['/nothing', '/stories/none/', '/?page=9', '/?page=0', '/?tag=none', '/feeds/none/']) {
    expect((await page.goto(site.url + path))?.status()).toBe(404);
    expect(await page.locator('h1').textContent()).toBe('Not found');
  }
  await follow(page.getByRole('link', { name: 'To the front page' }));
  expect(await titlesOf(page)).toHaveLength(50);
  await page.close();
});
