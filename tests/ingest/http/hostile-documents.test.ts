import { expect, test } from 'vitest';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import { head, pour, startHostile, whenAsked } from './hostile.ts';
import { hostileDocuments } from './hostile-documents.ts';
import { sample } from '../../support/scale.ts';

/** Below the workbench's limit of a megabyte; bench/hostile.ts uses full size. */
const SCALE = 0.09;

test.each(sample(hostileDocuments, 3))('reads or refuses $name in a run, and continues', async ({ make, contentType, expected }) => {
  const body = make(SCALE);
  await using server = await startHostile(
    whenAsked((socket) => {
      socket.write(head(contentType === undefined ? [] : [`content-type: ${contentType}`]));
      void pour(socket, [body]);
    }),
  );
  await using bench = await openWorkbench();
  const good = bench.write('good.xml', rss('https://good.test/', [['Mill burns', 'https://good.test/mill', 'The mill has burnt down.']]));
  const start = performance.now();
  const report = await bench.run([
    declare('feed', `http://${server.authority}/feed`, { id: 'hostile' }),
    declare('file', good, { id: 'good' }),
  ]);
  // A generous bound for a busy machine: a quadratic reader takes minutes.
  expect(performance.now() - start).toBeLessThan(15_000);
  const counts = new Map(report.bySource.map(({ source, entriesNew }) => [source, entriesNew]));
  expect(counts.get('good')).toBe(1);
  const hostile = counts.get('hostile');
  if (typeof expected === 'number') expect(hostile).toBe(expected);
  else expect(`${report.failed === 0 ? hostile : report.problems[0]?.code}`).toMatch(expected);
  const printed = report.problems.map(({ message }) => message).join('\n');
  expect(printed).not.toMatch(/root:|undefined|\[object/);
  expect(Math.max(0, ...report.problems.map(({ message }) => message.length))).toBeLessThan(500);
  const published = (await bench.stories()).map(({ lead }) => `${lead.entry.revision.title} ${lead.entry.revision.text}`).join('\n');
  expect(published).toContain('Mill burns');
  expect(published).not.toContain('root:');
});
