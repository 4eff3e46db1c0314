import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, openBrowser } from './browser.ts';
import { serveSite } from '../../support/site.ts';
import type { ServedSite } from '../../support/site.ts';
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

/** Returns the stories about the bridge on the front page. It polls until they match, since a
 *  change of another process shows within two seconds. */
async function waitForStories(page: Page, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.goto(`${site.url}/?q=hanger`);
        return page.locator('article').count();
      },
      { timeout: 10_000 },
    )
    .toBe(count);
}

/** Returns the commands on the story's page, opened as the owner does. */
async function readCommands(page: Page): Promise<string[]> {
  await follow(page.getByRole('link', { name: 'crack is found' }).first());
  await page.getByText('For the owner of this site').click();
  return page.locator('.owner code').allTextContents();
}

test('an owner splits a story with the command on its page, sees two stories, and merges them again', async () => {
  const page = await browser.newPage();
  await waitForStories(page, 1);
  const split = (await readCommands(page)).findLast((command) => command.startsWith('newsfold split')) ?? '';
  expect(await site.newsfold(...split.split(' ').slice(1))).toMatchObject({ code: 0 });
  await waitForStories(page, 2);
  // A split entry is no longer explained as folded.
  const keys = await page
    .locator('article h3 a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.split('/')[2] ?? ''));
  await follow(page.getByRole('link', { name: 'crack is found' }).first());
  expect(await page.getByText('Why it is the same story').count()).toBe(0);
  expect(await site.newsfold('merge', ...keys)).toMatchObject({ code: 0 });
  await waitForStories(page, 1);
  // The address of the merged story leads to the other one.
  const answers = await Promise.all(keys.map((key) => fetch(`${site.url}/stories/${key}/`, { redirect: 'manual' })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 302]));
  await page.close();
});

test('the API calls on the page do the same, only with the token', async () => {
  const page = await browser.newPage();
  await waitForStories(page, 1);
  const hide = (await readCommands(page)).find((command) => command.startsWith('curl') && command.endsWith('/hide')) ?? '';
  const [, body = ''] = /--json '([^']*)'/.exec(hide) ?? [];
  const url = hide.split(' ').at(-1) ?? '';
  const call = (token: string) => fetch(url, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
  expect((await call('another')).status).toBe(401);
  const answer = await call('town-token');
  expect([answer.status, await answer.json()]).toEqual([200, { message: expect.stringMatching(/^story \w+ is taken down everywhere$/) }]);
  await waitForStories(page, 0);
  const key = url.split('/').at(-2) ?? '';
  const gone = await page.goto(`${site.url}/stories/${key}/`);
  expect([gone?.status(), await page.locator('h1').textContent()]).toEqual([410, 'Gone']);
  expect(await site.newsfold('unhide', key)).toMatchObject({ code: 0 });
  await waitForStories(page, 1);
  await page.close();
});

test('a run is started by the API', async () => {
  const answer = await fetch(`${site.url}/api/v1/run`, { method: 'POST', headers: { authorization: 'Bearer town-token' } });
  expect(answer.status).toBe(202);
});
