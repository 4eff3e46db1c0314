/** Receives the tokens of a document in order. Offsets refer to the text given to the tokeniser. */
export interface TokenHandler {
  /** Returns the written name of the innermost open element; null outside the root. A CDATA section
   *  without its `]]>` ends at the close tag of this element. */
  current(): string | null;
  /** Reports whether the innermost element has only child elements: each `<` in it then begins a
   *  tag. */
  isInContainer(): boolean;
  /** Opens an element. `attributes` holds names and values in turn, as written; null for none. */
  open(name: string, attributes: readonly string[] | null, selfClosing: boolean, start: number, end: number): void;
  close(name: string, start: number, end: number): void;
  /** Passes character data, with entities as written. */
  text(start: number, end: number): void;
  /** Passes the content of a CDATA section, without decoding. */
  cdata(start: number, end: number): void;
  /** Counts a repair; `kind` is a short, stable word. */
  repair(kind: string): void;
}

/** An open tag that has been read so far. */
export interface OpenTag {
  readonly name: string;
  /** Offset of its `<`. */
  readonly at: number;
  /** Names and values in turn, as written. */
  readonly attributes: string[];
  /** End of the valid part: the name and the quoted attributes behind it. A tag without its `>`
   *  ends here. */
  validEnd: number;
  /** Length of `attributes` at `validEnd`. */
  validCount: number;
}
