/** Receives what the tokeniser finds, in document order. Offsets are into the text it was given. */
export interface TokenHandler {
  /** Name of the innermost open element as written; null outside the root: a lost `]]>` is looked
   *  for at its end. */
  current(): string | null;
  /** Whether that element holds elements by right and no text of its own: a `<` in it begins a tag,
   *  whatever is wrong with it. */
  isInContainer(): boolean;
  /** `attributes` in turn name and value as written, null for none. */
  open(name: string, attributes: readonly string[] | null, selfClosing: boolean, start: number, end: number): void;
  close(name: string, start: number, end: number): void;
  /** Character data, entities as written. */
  text(start: number, end: number): void;
  /** Content of a CDATA section, taken literally. */
  cdata(start: number, end: number): void;
  /** Something had to be repaired; `what` is a short stable word. */
  repair(what: string): void;
}

/** An open tag as far as it was read. */
export interface OpenTag {
  readonly name: string;
  /** Place of its `<`. */
  readonly at: number;
  /** In turn name and value as written. */
  readonly attributes: string[];
  /** Where the part ends that has nothing wrong: the name and attributes in quotes. A tag without a
   *  `>` ends here, its text begins. */
  solid: number;
  /** Length of `attributes` there. */
  solidLength: number;
}
