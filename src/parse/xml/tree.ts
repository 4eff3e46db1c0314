/** An element of a feed, with normalised names and namespaces. */
export interface XmlElement {
  /** Normalised by namespaces.ts and known-names.ts. */
  readonly name: string;
  /** Names, normalised by `toKnownAttribute`, and decoded values in turn; null when there are
   *  none. */
  readonly attributes: readonly string[] | null;
  /** Own text, trimmed; the empty string when there is none. */
  readonly text: string;
  /** The whole text as written, trimmed, when it contains elements (XHTML, or unescaped markup);
   *  else the empty string. */
  readonly markup: string;
  /** Child elements by name, in document order; null when there are none. */
  readonly children: ReadonlyMap<string, readonly XmlElement[]> | null;
}

const none: readonly XmlElement[] = [];

/** Returns the children with these names, those of the first name first; the empty list when there
 *  are none. */
export function childrenOf(element: XmlElement | undefined, ...names: readonly string[]): readonly XmlElement[] {
  const children = element?.children;
  if (children === null || children === undefined) return none;
  let found = none;
  for (const name of names) {
    const list = children.get(name);
    if (list !== undefined) found = found.length === 0 ? list : [...found, ...list];
  }
  return found;
}

/** Returns the first child with a name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children?.get(name)?.[0];
}

/** Returns the markup of an element, else its own text; null when it is empty or missing. */
export function toMarkup(element: XmlElement | undefined): string | null {
  if (element === undefined) return null;
  return element.markup === '' ? xmlTextOf(element) : element.markup;
}

/** Returns the own text of an element; null when it is empty or missing. */
export function xmlTextOf(element: XmlElement | undefined): string | null {
  return element === undefined || element.text === '' ? null : element.text;
}

/** Returns the text of the first child with one of these names that has text; null when there is
 *  none. */
export function childText(element: XmlElement | undefined, ...names: readonly string[]): string | null {
  const children = element?.children;
  if (children === null || children === undefined) return null;
  for (const name of names) for (const child of children.get(name) ?? none) if (child.text !== '') return child.text;
  return null;
}

/** Returns the texts of all children with these names, those of the first name first. */
export function childTexts(element: XmlElement | undefined, ...names: readonly string[]): string[] {
  return childrenOf(element, ...names).flatMap((child) => xmlTextOf(child) ?? []);
}

/** Returns the trimmed value of an attribute; null when it is empty or missing. */
export function xmlAttributeOf(element: XmlElement | undefined, name: string): string | null {
  const attributes = element?.attributes;
  if (attributes === null || attributes === undefined) return null;
  for (let index = 0; index < attributes.length; index += 2) {
    if (attributes[index] !== name) continue;
    const value = attributes[index + 1]?.trim() ?? '';
    return value === '' ? null : value;
  }
  return null;
}

/** Returns all attributes by name; the first of repeated ones. */
export function attributesOf(element: XmlElement): Record<string, string> {
  const found: Record<string, string> = {};
  const attributes = element.attributes ?? [];
  for (let index = 0; index < attributes.length; index += 2) found[attributes[index] ?? ''] ??= attributes[index + 1] ?? '';
  return found;
}
