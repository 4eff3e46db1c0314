/** Unpacks the browser before parallel tests need it. The variable makes @sparticuz/chromium also
 *  unpack libraries that a minimal machine lacks; it must be set before the import. */
export async function setup(): Promise<void> {
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
}
