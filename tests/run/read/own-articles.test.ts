import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { md, named, openFolder, txt, wordsOf } from './own-folder.ts';

test('a waiting article is listed with reason, line and date, reported only for a fault, and published nowhere', async () => {
  await using desk = await openFolder();
  desk.write('draft.md', md('draft: true', 'Draft'));
  desk.write('slip.md', `---\ntitle: Breaking: mayor resigns\ndraft: true\n---\n${wordsOf('slip')}`);
  desk.write('later.md', md('date: 2026-03-24T12:00:00+01:00', 'Later'));
  desk.write('over.md', md('date: 2026-01-01\nexpiryDate: 2026-02-01', 'Over'));
  desk.write('2026-04-01-named.txt', txt('Named'));
  desk.write('good.md', md('date: 2026-03-01', 'Good'));
  const report = await desk.run();
  expect(await desk.titles()).toEqual(['Good']);
  expect(await desk.held()).toEqual([
    ['2026-04-01-named.txt', 'embargo', null, '2026-04-01T00:00:00.000Z'],
    ['draft.md', 'draft', 3, null],
    ['later.md', 'embargo', 3, '2026-03-24T11:00:00.000Z'],
    ['over.md', 'expired', 4, null],
    ['slip.md', 'fault', 2, null],
  ]);
  expect(report.problems.map(({ entry, code }) => `${entry} ${code}`)).toEqual(['slip.md article/front-matter']);
  expect(report.problems[0]?.message).toMatch(
    /^slip\.md: the front matter is not valid YAML \(.*\), line 2; it is held back until it is mended: /,
  );
  expect(report.held).toHaveLength(5);
  expect((await desk.bench.store.readSources())[0]).toMatchObject({ entries: 1, poll: { problem: null } });
});

test('an embargo ends at its date, which is then the date of the article', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('date: 2026-03-01\npublishDate: 2026-03-10T13:00:00Z', 'A'));
  await desk.run();
  expect(await desk.bench.store.readDue(desk.bench.now)).toEqual({ next: new Date('2026-03-10T13:00:00Z'), passed: null });
  desk.pass(59);
  await desk.run();
  expect(await desk.titles()).toEqual([]);
  desk.pass(1);
  expect((await desk.bench.store.readDue(desk.bench.now)).passed).toEqual(new Date('2026-03-10T13:00:00Z'));
  expect(await desk.run()).toMatchObject({ storiesNew: 1, held: [] });
  const [story] = await desk.bench.stories();
  expect(story?.published).toEqual(new Date('2026-03-10T13:00:00Z'));
  expect(await desk.bench.store.readDue(desk.bench.now)).toEqual({ next: null, passed: null });
});

test('an article is withdrawn at its expiry, and returns when the expiry is postponed', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('date: 2026-03-01\nexpiryDate: 2026-03-10T13:00:00Z', 'A'));
  await desk.run();
  const [before] = await desk.bench.stories();
  expect((await desk.bench.store.readDue(desk.bench.now)).next).toEqual(new Date('2026-03-10T13:00:00Z'));
  desk.pass(60);
  expect(await desk.run()).toMatchObject({ entriesDeleted: 1, storiesWithdrawn: 1, problems: [] });
  expect(await desk.held()).toEqual([['a.md', 'expired', 4, null]]);
  expect(await desk.run()).toMatchObject({ entriesDeleted: 0, storiesWithdrawn: 0 });
  desk.write('a.md', md('date: 2026-03-01\nexpiryDate: 2027-03-10', 'A'));
  await desk.run();
  expect((await desk.bench.stories()).map(({ id }) => id)).toEqual([before?.id]);
});

test('most of a folder may become drafts at once: neither a wait nor the guard applies to drafts', async () => {
  await using desk = await openFolder();
  for (let n = 1; n <= 6; n++) desk.write(`${n}.md`, md('draft: false', `Title${n}`));
  await desk.run();
  for (let n = 1; n <= 5; n++) desk.write(`${n}.md`, md('status: draft', `Title${n}`));
  expect(await desk.run()).toMatchObject({ entriesDeleted: 5, storiesWithdrawn: 5, problems: [] });
  expect(await desk.titles()).toEqual(['Title6']);
});

test('a draft that is renamed, or rewritten at its path, withdraws the published version', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('draft: false', 'A'));
  desk.write('b.md', md('draft: false', 'B'));
  await desk.run();
  desk.rename('a.md', 'later.md');
  desk.write('later.md', md('draft: true', 'A'));
  desk.write('b.md', md('draft: true', 'Other'));
  expect(await desk.run()).toMatchObject({ entriesDeleted: 2, storiesWithdrawn: 2 });
  expect(await desk.titles()).toEqual([]);
});

test.each<[string, string, string]>([
  ['front matter breaks', `---\ntitle: A: b\ndraft: true\n---\nNew text of it.`, 'article/front-matter'],
  ['status is unknown', md('status: embalmed', 'A'), 'article/status'],
  ['date is none', md('date: 2026-13-45', 'A'), 'article/date'],
  ['draft is a misspelt word', md('draft: ture', 'A'), 'article/draft'],
])('a published file whose %s keeps its published version and is reported', async (_, text, code) => {
  await using desk = await openFolder();
  desk.write('a.md', md('date: 2026-03-01', 'A'));
  await desk.run();
  desk.write('a.md', text);
  for (let n = 0; n < 3; n++) {
    desk.pass(60);
    const report = await desk.run();
    expect(report.problems).toMatchObject([{ source: 'desk', entry: 'a.md', code }]);
    expect(report.problems[0]?.message).toContain('the published version stays');
    expect(report).toMatchObject({ entriesDeleted: 0, held: [{ location: 'a.md', isPublished: true }] });
  }
  expect(await desk.titles()).toEqual(['A']);
  desk.write('a.md', md('date: 2026-03-01', 'A'));
  expect(await desk.run()).toMatchObject({ problems: [], held: [] });
});

test('a date moved into the future withdraws nothing and changes no published time', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('date: 2026-03-01', 'A'));
  await desk.run();
  desk.write('a.md', md('date: 2027-03-01', 'A'));
  expect(await desk.run()).toMatchObject({ entriesDeleted: 0, problems: [], held: [] });
  expect((await desk.bench.stories()).map(({ published }) => published)).toEqual([new Date('2026-03-01T00:00:00Z')]);
});

test('an edit with a date in the future waits for that date; the published version stays', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('date: 2026-03-01', 'A'));
  await desk.run();
  const [before] = await desk.bench.stories();
  desk.write('a.md', `${md('date: 2026-03-11T12:00:00Z', 'A')}\nNot before that day.\n`);
  expect((await desk.run()).entriesRevised).toBe(0);
  expect(await desk.held()).toEqual([['a.md', 'embargo', 3, '2026-03-11T12:00:00.000Z']]);
  const texts = async () => (await desk.bench.stories()).map(({ id, lead }) => [id, lead.entry.revision.text.includes('Not before')]);
  expect(await texts()).toEqual([[before?.id, false]]);
  desk.pass(24 * 60 + 1);
  await desk.run();
  expect(await texts()).toEqual([[before?.id, true]]);
  expect(await desk.held()).toEqual([]);
});

test('a new version of the reader reads every file again and corrects its mistakes without news', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('tags: [x]', 'A'));
  desk.write('b.md', md('draft: false', 'B'));
  await desk.run();
  const [before] = await desk.bench.stories();
  const { files } = await desk.bench.store.readFolder('desk');
  await desk.bench.store.saveFolder('desk', { reader: 'of an older version', files });
  desk.pass(60);
  expect(await desk.run()).toMatchObject({ entriesRevised: 0, entriesDeleted: 0, storiesUpdated: 0, problems: [] });
  expect((await desk.bench.stories()).find(({ id }) => id === before?.id)?.updated).toEqual(before?.updated);
  expect((await desk.bench.store.readFolder('desk')).reader).not.toBe('of an older version');
});

test('a draft that an older reader published is withdrawn by the first run of a newer reader, with the same bytes', async () => {
  await using desk = await openFolder();
  const text = `+++\ntitle = "A"\ndraft = true\n+++\n${wordsOf('A')}`;
  desk.write('a.md', `# A\n\n${wordsOf('A')}`);
  await desk.run();
  const [story] = await desk.bench.stories();
  if (!story) expect.fail();
  const contentHash = createHash('sha256').update(text).digest('hex');
  const change = { entry: { ...story.lead.entry, contentHash }, revisions: [], replacesLast: false, formerIdentity: null };
  await desk.bench.store.saveEntries([change], desk.bench.now);
  desk.write('a.md', text);
  expect(await desk.run()).toMatchObject({ entriesDeleted: 0 });
  const { files } = await desk.bench.store.readFolder('desk');
  await desk.bench.store.saveFolder('desk', { reader: 'of an older version', files });
  expect(await desk.run()).toMatchObject({ entriesDeleted: 1, storiesWithdrawn: 1, problems: [] });
  expect(await desk.held()).toEqual([['a.md', 'draft', 3, null]]);
});

test('files, skip and names: other files are passed over without a report, except those published before', async () => {
  await using desk = await openFolder();
  const passed = ['README.md', 'readme.de.md', '_index.md', 'LICENSE.txt', 'node_modules/x/a.md', 'Thumbs.db', 'desktop.ini', '~$x.docx'];
  const left = [
    '.~lock.a.odt#',
    '~$a.md',
    '#a.md#',
    'a.md~',
    '.a.md.swp',
    'a.sync-conflict-20260101-1.md',
    'letter.docx',
    'x.xlsx',
    '.git/a.md',
  ];
  for (const name of [...passed, ...left]) desk.write(name, txt(`Of${name.replace(/\W/g, '')}`));
  for (const name of ['notice.txt', 'readme-first.md', 'index.md', 'posts/index.md']) desk.write(name, named(name));
  expect(await desk.run()).toMatchObject({ entriesNew: 4, problems: [], held: [] });
  expect(await desk.titles()).toEqual(['Ofindexmd', 'Ofnoticetxt', 'Ofpostsindexmd', 'Ofreadmefirstmd']);
});

test('patterns choose the files to read', async () => {
  await using desk = await openFolder({ files: ['posts/**', 'README.md'], skip: ['templates/', '*-notes.md'] });
  for (const name of ['README.md', 'posts/a.md', 'posts/deep/b.txt', 'posts/c-notes.md', 'posts/templates/d.md', 'e.md', 'posts/~$f.md'])
    desk.write(name, named(name));
  expect(await desk.run()).toMatchObject({ problems: [] });
  expect(await desk.titles()).toEqual(['OfREADMEmd', 'Ofpostsamd', 'Ofpostsdeepbtxt']);
});

test('a published README stays, also in node_modules; a pattern of the owner withdraws it after the usual wait', async () => {
  await using desk = await openFolder();
  desk.write('a.md', `# ${txt('One')}`);
  desk.write('b.md', `# ${txt('Two')}`);
  await desk.run();
  // A version that did not know such names has published these files.
  for (const [from, to] of [
    ['a.md', 'README.md'],
    ['b.md', 'node_modules/x/README.md'],
  ] as const) {
    const known = (await desk.bench.store.readKnown('desk', [from])).get(from);
    desk.remove(from);
    desk.write(to, `# ${txt(from === 'a.md' ? 'One' : 'Two')}`);
    expect(known?.location).toBe(from);
    const entry = (await desk.bench.stories()).map(({ lead }) => lead.entry).find(({ identity }) => identity === from);
    if (!entry) expect.fail();
    const change = { entry: { ...entry, location: to }, revisions: [], replacesLast: false, formerIdentity: null };
    await desk.bench.store.saveEntries([change], desk.bench.now);
  }
  for (let n = 0; n < 3; n++) {
    desk.pass(60);
    expect(await desk.run()).toMatchObject({ entriesDeleted: 0, problems: [] });
  }
  expect(await desk.titles()).toEqual(['One', 'Two']);
  desk.write('README.md', `# ${txt('One')}\nWith more.\n`);
  expect(await desk.run()).toMatchObject({ entriesNew: 0, entriesRevised: 1 });
});

test('dates of own articles, in file names too, use the zone of the site; stored times stay', async () => {
  await using desk = await openFolder();
  const write = () => {
    desk.write('2026-03-01-a.txt', txt('A'));
    desk.write('b.md', md('date: 2026-03-02 09:30', 'B'));
    desk.write('c.html', `<html><head><title>C</title><meta name="date" content="2026-03-03 09:30"></head><p>${wordsOf('c')}</p></html>`);
  };
  const times = async () =>
    (await desk.bench.stories()).map(({ lead, published }) => `${lead.entry.revision.title} ${published?.toISOString().slice(0, 16)}`);
  write();
  await desk.run();
  desk.bench.zone = 'Europe/Berlin';
  desk.write('d.md', md('date: 2026-03-04 09:30', 'D'));
  desk.write('2026-03-05-e.txt', txt('E'));
  await desk.run();
  expect(await times()).toEqual([
    'E 2026-03-04T23:00',
    'D 2026-03-04T08:30',
    'C 2026-03-03T09:30',
    'B 2026-03-02T09:30',
    'A 2026-03-01T00:00',
  ]);
});

test('a mark without a day has the day of its article in the zone of the site', async () => {
  await using desk = await openFolder();
  desk.bench.zone = 'America/New_York';
  desk.write('2026-03-09-a.txt', `A\n\nUpdate (10:30 ET): more.\n\n***\n\n${wordsOf('a')}\n`);
  await desk.run();
  expect((await desk.bench.stories()).map(({ published, updated }) => [published, updated])).toEqual([
    [new Date('2026-03-09T04:00:00Z'), new Date('2026-03-09T14:30:00Z')],
  ]);
});

test('a page waits for the date of its meta elements or of a marked time, not for a time in its text', async () => {
  await using desk = await openFolder();
  const page = (name: string, head: string, text = '') =>
    `<!doctype html><html><head><title>${name}</title>${head}</head><body><p>${wordsOf(name)}</p>${text}</body></html>`;
  desk.write('meta.html', page('Meta', '<meta property="article:published_time" content="2026-12-24">'));
  desk.write('time.html', page('Time', '', '<time itemprop="datePublished" datetime="2026-12-24">then</time>'));
  desk.write('expires.html', page('Expires', '<meta property="article:expiration_time" content="2026-01-01">'));
  desk.write('none.html', page('None', '<meta name="date" content="soon">'));
  desk.write('text.html', page('Text', '', 'The fair is on <time datetime="2026-12-24">Christmas Eve</time>.'));
  await desk.run();
  expect(await desk.titles()).toEqual(['Text']);
  expect((await desk.held()).map(([file, reason]) => `${file} ${reason}`)).toEqual([
    'expires.html expired',
    'meta.html embargo',
    'none.html fault',
    'time.html embargo',
  ]);
});

test('an unreadable file keeps its published version, and so does a file that is moved meanwhile', async () => {
  await using desk = await openFolder();
  desk.write('a.md', md('id: one', 'A'));
  desk.write('b.md', md('id: two', 'B'));
  await desk.run();
  desk.rename('a.md', 'c.md');
  desk.write('a.md', '---\ntitle: A: b\n---\nAnother text altogether.');
  desk.write('b.md', new Uint8Array([1, 0, 2, 0]));
  for (let n = 0; n < 3; n++) {
    desk.pass(60);
    const report = await desk.run();
    expect(report.entriesDeleted).toBe(0);
    expect(report.problems.map(({ entry, code }) => `${entry} ${code}`).toSorted()).toEqual([
      'a.md article/front-matter',
      'b.md article/binary',
    ]);
  }
  expect(await desk.titles()).toEqual(['A', 'B']);
});
