import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Returns the faults that axe-core finds in a page or a part of it: rule and element each.
 *  Every rule counts, best practices too. */
export async function findBarriers(page: Page, part = 'html'): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async (selector) => {
    const { axe: injected } = globalThis as unknown as { axe: typeof axe };
    return injected.run(selector, { resultTypes: ['violations'] });
  }, part);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
