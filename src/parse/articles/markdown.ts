import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** Renders Markdown (CommonMark, with tables and automatic links) as HTML. The HTML is not
 *  sanitised. */
export function renderMarkdown(text: string): string {
  return markdown.render(text).trim();
}
