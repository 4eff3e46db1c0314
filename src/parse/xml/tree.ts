/** One element of a feed, its names and namespaces put right. */
export interface XmlElement {
  /** As namespaces.ts and known-names.ts write it. */
  readonly name: string;
  /** In turn name, as `toKnownAttribute` writes it, and value, decoded; null when there are
   *  none. */
  readonly attributes: readonly string[] | null;
  /** Own text, trimmed; the empty string when there is none. */
  readonly text: string;
  /** Where elements stand in its text (XHTML, markup that nobody escaped) all of it as it was
   *  written, trimmed; else the empty string. */
  readonly markup: string;
  /** By name, in document order; null when there are none. */
  readonly children: ReadonlyMap<string, readonly XmlElement[]> | null;
}

const none: readonly XmlElement[] = [];

/** Children of these names, those of the first name first; the empty list when there are none. */
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

/** The first child of this name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children?.get(name)?.[0];
}

/** Own text, or all of it as written where elements stand in it; null when it is empty or
 *  missing. */
export function toMarkup(element: XmlElement | undefined): string | null {
  if (element === undefined) return null;
  return element.markup === '' ? xmlTextOf(element) : element.markup;
}

/** Own text of an element; null when it is empty or missing. */
export function xmlTextOf(element: XmlElement | undefined): string | null {
  return element === undefined || element.text === '' ? null : element.text;
}

/** Text of the first child of these names that has any. */
export function childText(element: XmlElement | undefined, ...names: readonly string[]): string | null {
  const children = element?.children;
  if (children === null || children === undefined) return null;
  for (const name of names) for (const child of children.get(name) ?? none) if (child.text !== '') return child.text;
  return null;
}

/** Texts of all children of these names that have any, those of the first name first. */
export function childTexts(element: XmlElement | undefined, ...names: readonly string[]): string[] {
  return childrenOf(element, ...names).flatMap((child) => xmlTextOf(child) ?? []);
}

/** An attribute, trimmed; null when it is empty or missing. */
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

/** All attributes by name, the first of each. */
export function attributesOf(element: XmlElement): Record<string, string> {
  const found: Record<string, string> = {};
  const attributes = element.attributes ?? [];
  for (let index = 0; index < attributes.length; index += 2) found[attributes[index] ?? ''] ??= attributes[index + 1] ?? '';
  return found;
}
