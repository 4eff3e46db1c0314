import { createRequire } from 'node:module';

/** An element as a strict parser reads it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** Text of the element and its descendants. */
  readonly text: string;
}

interface SaxParser {
  write: (text: string) => { close: () => void };
}
const sax = createRequire(import.meta.url)('sax') as { parser: (strict: boolean, options: object) => SaxParser };

/** Matches characters outside XML 1.0's Char (§2.2), which sax accepts. */
const NO_CHAR = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** Returns the root of a document.
 *  @throws Error when it is not well-formed. */
export function parseStrictly(xml: string): Element {
  const wrong = NO_CHAR.exec(xml);
  if (wrong) throw new Error(`no XML character at ${wrong.index}: U+${wrong[0].charCodeAt(0).toString(16)}`);
  const marked = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '');
  if (marked.includes(']]>')) throw new Error(']]> stands outside of CDATA');
  if (/="[^"]*</.test(marked)) throw new Error('< stands in an attribute');
  const top = { name: '', attributes: {}, children: [] as Element[], text: '' };
  const open = [top];
  const addText = (text: string) => open.forEach((element) => (element.text += text));
  // With xmlns, an unbound prefix is an error.
  const parser = sax.parser(true, { xmlns: true, position: false, strictEntities: true });
  Object.assign(parser, {
    onerror: (error: Error) => {
      throw error;
    },
    onopentag: (tag: { name: string; attributes: Record<string, { value: string }> }) => {
      const attributes = Object.fromEntries(Object.entries(tag.attributes).map(([name, { value }]) => [name, value]));
      const element = { name: tag.name, attributes, children: [], text: '' };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    onclosetag: () => void open.pop(),
    ontext: addText,
    oncdata: addText,
  });
  parser.write(xml).close();
  const [root] = top.children;
  if (!root || top.children.length > 1) throw new Error(`${top.children.length} roots`);
  return root;
}

/** Returns the children with this name. */
export function all(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Returns the text at a path of names below an element; null when there is none. */
export function textAt(element: Element, ...path: readonly string[]): string | null {
  const found = path.reduce<Element | undefined>((at, name) => all(at, name)[0], element);
  return found?.text ?? null;
}
