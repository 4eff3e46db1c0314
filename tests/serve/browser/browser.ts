import { chromium as playwright } from 'playwright-core';
import type { Browser, Locator } from 'playwright-core';

/** A real headless Chromium, which comes with the package and needs nothing of the machine. */
export async function openBrowser(): Promise<Browser> {
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  // A single-process browser ends with its first context. WebGL in software is slow and not needed.
  const args = chromium.args.filter(
    (argument) => !/^--(?:single-process|use-gl|use-angle|enable-unsafe-swiftshader|ignore-gpu)/.test(argument),
  );
  return playwright.launch({ executablePath: await chromium.executablePath(), args: [...args, '--disable-gpu'], headless: true });
}

/** Clicks a link and waits for its page: a click alone resolves before the old page is gone. */
export async function follow(link: Locator): Promise<void> {
  await Promise.all([link.page().waitForEvent('load'), link.click()]);
}
