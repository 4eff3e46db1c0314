import type { TextType } from '../model/parsed.ts';
import { toText } from './text.ts';

/** A title as plain text. RSS does not say whether its titles are markup: a tag in angle brackets that HTML does not know is text
 *  ("<ABC> shares rise"), an entity is decoded. */
export function toPlainTitle(title: string, type: TextType): string {
  const fold = (text: string) => text.replace(/\s+/g, ' ').trim();
  if (type === 'text') return fold(title);
  if (type === 'html') return fold(toText(title));
  const markup = title.replace(
    /<(?!\/?(?:a|abbr|b|bdi|bdo|big|br|cite|code|em|font|i|img|ins|del|kbd|mark|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr)\b)/gi,
    '&lt;',
  );
  return fold(toText(markup));
}
