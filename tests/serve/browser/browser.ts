import { chromium as playwright } from 'playwright-core';
import type { Browser, Locator } from 'playwright-core';

/** A real Chromium, without a window; it comes with the package and needs nothing of the
 *  machine. */
export async function openBrowser(): Promise<Browser> {
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  // In one process the browser ends with its first context, and nobody looks at what a drawing of
  // WebGL in software would cost.
  const args = chromium.args.filter(
    (argument) => !/^--(?:single-process|use-gl|use-angle|enable-unsafe-swiftshader|ignore-gpu)/.test(argument),
  );
  return playwright.launch({ executablePath: await chromium.executablePath(), args: [...args, '--disable-gpu'], headless: true });
}

/** Clicks on what leads to another page, and waits for that page: a click alone resolves before the
 *  old one is gone. */
export async function follow(link: Locator): Promise<void> {
  await Promise.all([link.page().waitForEvent('load'), link.click()]);
}
