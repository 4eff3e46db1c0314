/** Unpacks the browser before tests that run side by side ask for it. The variable makes
 *  @sparticuz/chromium bring the libraries that a bare machine lacks; it must be there before the
 *  import. */
export async function setup(): Promise<void> {
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
}
