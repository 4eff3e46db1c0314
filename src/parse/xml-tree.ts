/** One element of the tree that rss-parser's `xmlParser` gives: children by name in lists, attributes in `$`, own text in `_`, and
 *  in `$$` its children and texts once more, in their order (which markup needs). */
export type XmlNode = string | XmlElement;

/** An element with attributes or children. */
export interface XmlElement {
  readonly $?: Readonly<Record<string, string>>;
  readonly _?: string;
  readonly $$?: readonly OrderedNode[];
  readonly [name: string]: unknown;
}

/** A child in its place: an element, or a text under the name `__text__`. */
export interface OrderedNode extends XmlElement {
  readonly '#name': string;
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
