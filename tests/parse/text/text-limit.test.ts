import { expect, test } from 'vitest';
import { parseFeed } from '../../../src/parse/parse.ts';

async function read(description: string, title = 'Ferry returns') {
  const xml = `<rss version="2.0"><channel><title>a</title><item><guid>a</guid><title>${title}</title><description><![CDATA[${description}]]></description></item></channel></rss>`;
  const parsed = await parseFeed({ bytes: Buffer.from(xml), contentType: null, url: 'https://a.test/feed' });
  if (parsed.kind === 'refused') throw new Error(parsed.problem.message);
  const [item] = parsed.feed.items;
  return { html: item?.html ?? '', title: item?.title ?? '', problems: parsed.feed.problems };
}

test('a text longer than any article is read as far as two million characters, and told', async () => {
  const { html, problems } = await read('word '.repeat(500_000));
  expect(html).toBe('word '.repeat(400_000));
  expect(problems).toEqual([
    { code: 'entry/too-long', entry: 'a', message: 'a text of 2499999 characters is longer than any article: its beginning is read' },
  ]);
});

test('a picture inside a text gives way to the words behind it', async () => {
  const picture = `data:image/png;base64,${'iVBORw0K'.repeat(400_000)}`;
  const { html, problems } = await read(`<p>Before.</p><img alt="quay" src="${picture}"><p>After the picture.</p>`);
  expect(html).toBe('<p>Before.</p><img alt="quay" src="data:,"><p>After the picture.</p>');
  expect(problems.map(({ code }) => code)).toEqual(['entry/too-long']);
});

test('what an article may be stays as it was sent, small pictures in it too', async () => {
  const text = `<p>${'word '.repeat(300_000)}</p><img src="data:image/png;base64,${'iVBORw0K'.repeat(1000)}">`;
  expect(await read(text)).toMatchObject({ html: text, problems: [] });
});

test('a title without end is cut', async () => {
  const { title, problems } = await read('Text.', 'word '.repeat(10_000));
  expect(title).toHaveLength(20_000);
  expect(problems.map(({ code }) => code)).toEqual(['entry/too-long']);
});

test('a picture of eight megabytes costs itself alone', async () => {
  const { html } = await read(`<p>Before.</p><img src="data:image/jpeg;base64,${'A'.repeat(8_000_000)}"><p>After.</p>`);
  expect(html).toBe('<p>Before.</p><img src="data:,"><p>After.</p>');
});
