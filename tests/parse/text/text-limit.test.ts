import { expect, test } from 'vitest';
import { parseFeed } from '../../../src/parse/parse.ts';

async function read(description: string, title = 'Ferry returns') {
  const xml = `<rss version="2.0"><channel><title>a</title><item><guid>a</guid><title>${title}</title><description><![CDATA[${description}]]></description></item></channel></rss>`;
  const parsed = await parseFeed({ bytes: Buffer.from(xml), contentType: null, url: 'https://a.test/feed' });
  if (parsed.kind === 'refused') throw new Error(parsed.problem.message);
  const [item] = parsed.feed.items;
  return { html: item?.html ?? '', title: item?.title ?? '', problems: parsed.feed.problems };
}

test('a text longer than any article is cut at two million characters, with a problem', async () => {
  const { html, problems } = await read('word '.repeat(500_000));
  expect(html).toBe('word '.repeat(400_000));
  expect(problems).toEqual([
    { code: 'entry/too-long', entry: 'a', message: 'a text of 2499999 characters is longer than any article: only its beginning is read' },
  ]);
});

test('an embedded picture is removed, so that the words behind it fit', async () => {
  const picture = `data:image/png;base64,${'iVBORw0K'.repeat(400_000)}`;
  const { html, problems } = await read(`<p>Before.</p><img alt="quay" src="${picture}"><p>After the picture.</p>`);
  expect(html).toBe('<p>Before.</p><img alt="quay" src="data:,"><p>After the picture.</p>');
  expect(problems.map(({ code }) => code)).toEqual(['entry/too-long']);
});

test('a text of allowed length stays unchanged, with its small embedded pictures', async () => {
  const text = `<p>${'word '.repeat(300_000)}</p><img src="data:image/png;base64,${'iVBORw0K'.repeat(1000)}">`;
  expect(await read(text)).toMatchObject({ html: text, problems: [] });
});

test('an overlong title is cut', async () => {
  const { title, problems } = await read('Text.', 'word '.repeat(10_000));
  expect(title).toHaveLength(20_000);
  expect(problems.map(({ code }) => code)).toEqual(['entry/too-long']);
});

test('an embedded picture of eight megabytes does not affect the text around it', async () => {
  const { html } = await read(`<p>Before.</p><img src="data:image/jpeg;base64,${'A'.repeat(8_000_000)}"><p>After.</p>`);
  expect(html).toBe('<p>Before.</p><img src="data:,"><p>After.</p>');
});
