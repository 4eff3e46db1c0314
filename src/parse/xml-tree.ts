/** One element of the tree that rss-parser expects of its XML reader: children by name in lists, attributes in `$`, own text in `_`. */
export type XmlNode = string | XmlElement;

/** An element with what it holds; `markup` is there when elements stand in its text: all of it as it was written. */
export interface XmlElement {
  readonly $?: Readonly<Record<string, string>>;
  readonly _?: string;
  readonly markup?: string;
  readonly [name: string]: unknown;
}

/** Own text, or where elements stand in it (XHTML, markup that nobody escaped) all of it as written; null when it is empty or missing. */
export function toMarkup(node: XmlNode | undefined): string | null {
  const markup = typeof node === 'object' ? (node.markup?.trim() ?? '') : '';
  return markup === '' ? textOf(node) : markup;
}

/** Children of these names, those of the first name first; the empty list when there are none. */
export function childrenOf(node: XmlNode | undefined, ...names: readonly string[]): readonly XmlNode[] {
  if (node === undefined || typeof node === 'string') return [];
  return names.flatMap((name) => {
    const list = node[name];
    return Array.isArray(list) ? (list as XmlNode[]) : [];
  });
}

/** Own text of an element, trimmed; null when it is empty or missing. */
export function textOf(node: XmlNode | undefined): string | null {
  const text = (typeof node === 'string' ? node : node?._)?.trim() ?? '';
  return text === '' ? null : text;
}

/** Text of the first child of these names that has any. */
export function childText(node: XmlNode | undefined, ...names: readonly string[]): string | null {
  for (const child of childrenOf(node, ...names)) {
    const text = textOf(child);
    if (text !== null) return text;
  }
  return null;
}

/** An attribute, trimmed; null when it is empty or missing. */
export function attributeOf(node: XmlNode | undefined, name: string): string | null {
  const value = typeof node === 'string' ? '' : (node?.$?.[name]?.trim() ?? '');
  return value === '' ? null : value;
}
