import type { TextType } from '../../model/parsed.ts';
import { htmlToText } from './text.ts';

/** Returns a title as plain text. RSS does not say whether its titles are markup, so a tag that
 *  HTML does not know is text ("<ABC> shares rise"). Entities are decoded. */
export function toPlainTitle(title: string, type: TextType): string {
  const fold = (text: string) => text.replace(/\s+/g, ' ').trim();
  if (type === 'text') return fold(title);
  if (type === 'html') return fold(htmlToText(title));
  const markup = title.replace(
    /<(?!\/?(?:a|abbr|article|b|bdi|bdo|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|header|i|img|ins|kbd|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|wbr)\b)/gi,
    '&lt;',
  );
  return fold(htmlToText(markup));
}
