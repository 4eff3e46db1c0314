/** The facts that normalising needs beside the item. */
export interface NormaliseContext {
  /** Id of the source. */
  readonly sourceId: string;
  /** Home page of the source, which decides the addresses that are its own; null when unknown. */
  readonly homePage: string | null;
  /** BCP 47 language of the source; null when unknown. */
  readonly language: string | null;
  /** IANA zone for update marks and for dates of local articles, when they name none. */
  readonly zone: string;
  /** Time at which the document was read. */
  readonly seenAt: Date;
  /** true for a list of coming events: a date far ahead then says nothing about when the entry was
   *  written. */
  readonly isOfTheFuture?: boolean;
  /** During a first reading, the time from which its entries were stored. Differences from a part
   *  of it that was read earlier are not news. */
  readonly firstReadingFrom?: Date | null;
}
