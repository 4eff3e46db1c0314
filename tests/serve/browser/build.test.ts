import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Parser } from 'htmlparser2';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBarriers } from './axe.ts';
import { openBrowser } from './browser.ts';
import { hostFiles } from './file-host.ts';
import { findHtmlFaults } from '../../support/html-check.ts';
import { newsfold } from '../../support/newsfold.ts';
import { town } from './town.ts';

let browser: Browser;
let folder = '';
const out = () => join(folder, 'out');
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'newsfold-static-'));
  const secret = '  - { slug: county, private: true, token: x, tags: [county] }\n';
  const files = {
    ...town,
    'newsfold.yaml': `${town['newsfold.yaml'] ?? ''}${secret}`
      .replace('$URL', 'https://x.example.org/planet/')
      .replace('slug: all', 'slug: all, exclude: [{ title: "Parish 60" }]'),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const config = ['--config', join(folder, 'newsfold.yaml')];
  await newsfold(['run', ...config]);
  expect(await newsfold(['build', out(), ...config])).toMatchObject({ code: 0 });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const pages = () => readdirSync(out(), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));

test('writes a page for every number and every public story, and no other', () => {
  const names = pages();
  expect(names.filter((name) => !name.startsWith('stories/')).toSorted()).toEqual([
    '404.html',
    'feeds/press/index.html',
    'index.html',
    'page/2/index.html',
    'sources/index.html',
  ]);
  // There are 65 stories; the sixtieth parish is in the private feed alone.
  expect(names.filter((name) => name.startsWith('stories/'))).toHaveLength(64);
  expect(names.filter((name) => /Parish 60/.test(readFileSync(join(out(), name), 'utf8')))).toEqual([]);
});

test('every link within the site leads to a file, below its path', () => {
  const dead = new Set<string>();
  for (const name of pages()) {
    const parser = new Parser({
      onattribute(attribute, value) {
        if (attribute !== 'href' && attribute !== 'src' && attribute !== 'action') return;
        const path = value.replace('https://x.example.org', '').replace(/#.*$/, '');
        if (/^https?:/.test(path) || path === '') return;
        const file = path.replace(/\/$/, '/index.html').replace('/planet/', '');
        if (!path.startsWith('/planet/') || !existsSync(join(out(), file))) dead.add(`${name}: ${value}`);
      },
    });
    parser.end(readFileSync(join(out(), name), 'utf8'));
  }
  expect([...dead]).toEqual([]);
});

test('the pages work on a file host: numbers, stories, sources, the style, and the 404 page', async () => {
  await using host = await hostFiles(out(), '/planet/');
  const page = await browser.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(host.url);
  // Without the server's headers the policy stands in the page.
  expect(await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content')).toMatch(
    /^default-src 'none'; style-src 'self'/,
  );
  expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
  expect(await page.locator('form').count()).toBe(0);
  await page.getByRole('link', { name: 'Older stories' }).click();
  expect(page.url()).toBe(`${host.url}page/2/`);
  await page.getByRole('link', { name: 'Parish 59 counts its gates' }).click();
  expect(await page.locator('h1').textContent()).toBe('Parish 59 counts its gates');
  await page.getByRole('link', { name: 'Sources' }).click();
  expect(await page.locator('.source').count()).toBe(7);
  expect(said).toEqual([]);
  expect(await findBarriers(page)).toEqual([]);
  expect((await page.goto(`${host.url}nothing/`))?.status()).toBe(404);
  expect(await page.locator('h1').textContent()).toBe('Not found');
  await page.close();
});

test('the written pages are valid HTML', async () => {
  for (const name of ['index.html', 'page/2/index.html', 'sources/index.html', '404.html'])
    expect(await findHtmlFaults(readFileSync(join(out(), name), 'utf8'))).toEqual([]);
});
