import { expect, test } from 'vitest';
import type { Feed } from '../../../../src/model/feed.ts';
import type { Source } from '../../../../src/model/source.ts';
import type { SourceView } from '../../../../src/model/view.ts';
import { toFeed } from '../../../support/story.ts';
import { noSources, status } from '../../../support/view.ts';
import { makeServer } from '../../made-server.ts';

/** Returns a source as the page shows it. */
function toView(source: Partial<Source>, said: Partial<SourceView> = {}): SourceView {
  const view = { status: { ...status, source: { ...status.source, ...source } }, title: 'x', problem: null, days: [], silence: null };
  return { ...view, ...said };
}

async function read(sources: readonly SourceView[], feeds: readonly Feed[] = [toFeed()]): Promise<string> {
  const app = makeServer({ feeds, readSources: async () => ({ ...noSources, sources }) });
  return (await app.request('/sources/')).text();
}

test('links to the stories of a source, and to its tags, in a feed that includes it', async () => {
  const feeds = [toFeed({ sources: ['a'] }), toFeed({ slug: 'tech', isDefault: false, tags: ['tech'] })];
  const text = await read([toView({ id: 'a' }), toView({ id: 'b', tags: ['tech'] }), toView({ id: 'c', tags: ['none'] })], feeds);
  expect(text).toContain('href="/?source=a"');
  expect(text).toContain('href="/feeds/tech/?source=b"');
  expect(text).toContain('href="/feeds/tech/?tag=tech"');
  expect(text).not.toMatch(/source=c|tag=none/);
});

test.each([
  ['a.txt is binary', '/srv/articles', 'a.txt is binary.'],
  ['wire is binary', '/srv/feeds/wire', 'wire is binary.'],
  ['did not answer in time', 'https://wire.example.com/', 'Did not answer in time.'],
  ['it is gone!', 'https://wire.example.com/', 'It is gone!'],
])('shows the problem %j of %s as %j', async (problem, address, expected) => {
  expect(await read([toView({ address }, { problem })])).toContain(`<p class="warn">${expected}</p>`);
});
