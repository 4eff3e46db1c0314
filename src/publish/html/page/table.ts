import { isVisible, keepGlobal, toSpan } from './attributes.ts';
import { putBlock, startIn, type CursorContext, type Cursor } from './cursor.ts';
import { append, pageAttributeOf, findAll, gatherText, isElement, makeElement, type PageElement, type PageNode } from './tree.ts';

/** Finds, in one walk, the tables that are used for layout: they contain another table. */
export function findLayouts(nodes: readonly PageNode[]): ReadonlySet<PageElement> {
  const layouts = new Set<PageElement>();
  for (const table of findAll(nodes, 'table')) {
    // The tables around an outer table were marked together with it, so each step up is taken once.
    for (let around = table.parentNode; around !== null && 'tagName' in around; around = around.parentNode) {
      if (around.tagName !== 'table') continue;
      if (layouts.has(around)) break;
      layouts.add(around);
    }
  }
  return layouts;
}

/** Puts a table at the cursor. Its box scrolls by itself and with the keyboard, so a wide table
 *  does not widen the page. The box is a `group`, not a `region`, since regions are landmarks and
 *  need different names. Sections come in HTML's order (§4.9.1), rows only in sections, cells only
 *  in rows. A layout table becomes plain blocks: it contains another table or has one cell a
 *  row. */
export function placeTable(element: PageElement, cursor: Cursor, context: CursorContext): void {
  const parts = element.childNodes.filter(isElement);
  const captions = parts.filter((part) => part.tagName === 'caption');
  const rows = parts.filter((part) => SECTIONS.has(part.tagName)).map(toSection);
  const isLayout = context.layouts.has(element) || rows.every((section) => section.rows.every((row) => cellsOf(row).length < 2));
  if (isLayout) {
    const cells = rows.flatMap((section) => section.rows.flatMap(cellsOf));
    for (const block of [...captions, ...cells]) placePlain(block, cursor, context);
    return;
  }
  for (const caption of captions.slice(1)) placePlain(caption, cursor, context);
  const box = makeElement('div', { class: 'wide', tabindex: '0', role: 'group', 'aria-label': 'Table' });
  putBlock(cursor, box, () => {
    const table = makeElement('table', keepGlobal(element));
    const caption = captions[0] ? fillCaption(captions[0], context) : null;
    if (caption !== null && caption.childNodes.length > 0) append(table, caption);
    for (const section of inOrder(rows)) {
      const part = makeElement(section.name, section.attributes);
      for (const row of section.rows) fillRow(row, part, section.name, context);
      if (part.childNodes.length > 0) append(table, part);
    }
    if (findAll(table.childNodes, 'img').length > 0 || isVisible(gatherText(table.childNodes, Infinity))) append(box, table);
  });
}

interface Section {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | null>>;
  readonly rows: readonly PageElement[];
}

const SECTIONS = new Set(['thead', 'tbody', 'tfoot']);

function toSection(part: PageElement): Section {
  const rows = part.childNodes.filter(isElement).filter((row) => row.tagName === 'tr');
  return { name: part.tagName, attributes: keepGlobal(part), rows };
}

function cellsOf(row: PageElement): PageElement[] {
  return row.childNodes.filter(isElement).filter((cell) => cell.tagName === 'td' || cell.tagName === 'th');
}

/** Returns sections in order: a head only first, a foot only last, where browsers draw it anyway.
 *  All others become bodies. */
function inOrder(sections: readonly Section[]): Section[] {
  const foot = sections.findLast((section) => section.name === 'tfoot') ?? null;
  const others = sections.filter((section) => section !== foot);
  const ordered = others.map((section, index) => (index === 0 && section.name === 'thead' ? section : { ...section, name: 'tbody' }));
  return foot === null ? ordered : [...ordered, foot];
}

function fillCaption(from: PageElement, context: CursorContext): PageElement {
  const caption = makeElement('caption', keepGlobal(from));
  context.place(from.childNodes, startIn(caption, 'phrasing'), context);
  return caption;
}

function fillRow(from: PageElement, part: PageElement, section: string, context: CursorContext): void {
  const row = makeElement('tr', keepGlobal(from));
  const cells = cellsOf(from);
  const isHead = section === 'thead' || cells.every((cell) => cell.tagName === 'th');
  for (const cell of cells) append(row, toCell(cell, isHead, context));
  if (row.childNodes.length > 0) append(part, row);
}

/** Returns a cell. A header without words becomes an ordinary cell, since it would say nothing to
 *  users of screen readers (WCAG H63). */
function toCell(from: PageElement, isHead: boolean, context: CursorContext): PageElement {
  const isHeader = from.tagName === 'th' && isVisible(gatherText(from.childNodes, Infinity));
  const given = pageAttributeOf(from, 'scope')?.toLowerCase() ?? '';
  const scope = SCOPES.has(given) ? given : isHead ? 'col' : 'row';
  const cell = makeElement(isHeader ? 'th' : 'td', {
    scope: isHeader ? scope : null,
    colspan: toSpan(pageAttributeOf(from, 'colspan')),
    rowspan: toSpan(pageAttributeOf(from, 'rowspan')),
    ...keepGlobal(from),
  });
  context.place(from.childNodes, startIn(cell, 'flow'), isHeader ? { ...context, isPlain: true } : context);
  return cell;
}

const SCOPES = new Set(['row', 'col', 'rowgroup', 'colgroup']);

function placePlain(from: PageElement, cursor: Cursor, context: CursorContext): void {
  const block = makeElement('div', keepGlobal(from));
  putBlock(cursor, block, () => context.place(from.childNodes, startIn(block, 'flow'), context));
}
