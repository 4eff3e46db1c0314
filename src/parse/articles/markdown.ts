import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Renders Markdown (CommonMark, with tables and bare addresses as links) as HTML, which is still
 *  to be sanitised. */
export function renderMarkdown(text: string): string {
  return markdown.render(text).trim();
}
