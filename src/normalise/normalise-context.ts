/** What normalising needs to know beside the item. */
export interface NormaliseContext {
  readonly sourceId: string;
  /** Home page of the source, for what it may claim as its own; null when unknown. */
  readonly homePage: string | null;
  /** BCP 47 language of the source; null when unknown. */
  readonly language: string | null;
  /** IANA zone for clock times of update marks that name none, and for the dates of local articles
   *  that name none. */
  readonly zone: string;
  /** When the document was read. */
  readonly seenAt: Date;
  /** true where dates far ahead say nothing of when entries were written, not even that it was now:
   *  a list of what is to come. */
  readonly isOfTheFuture?: boolean;
  /** true while a source is read for the first time: what differs from what an earlier, shorter
   *  document of it said is no news. */
  readonly isFirstReading?: boolean;
}
