import type { Document, DocumentFormat, Feed } from '../model/feed.ts';
import type { Log } from '../ports/log.ts';

/** The documents in memory that the server answers from. */
export interface DocumentCache {
  /** A document as it was last rendered; waits only for the very first rendering. */
  readonly read: (feed: Feed, format: DocumentFormat) => Promise<Document>;
  /** Renders all anew; the old ones are served until the new ones are there. One that comes while another goes on is done after it. */
  readonly refresh: () => Promise<void>;
}

/** Keeps what `render` gives. A rendering that fails is logged and leaves the old documents in place. */
export function createDocumentCache(render: () => Promise<readonly Document[]>, log: Log): DocumentCache {
  let documents: ReadonlyMap<string, Document> | null = null;
  let going: Promise<void> | null = null;
  let isAsked = false;
  const renderAll = async () => {
    while (isAsked) {
      isAsked = false;
      const rendered = await render();
      documents = new Map(rendered.map((document) => [nameOf(document.slug, document.format), document]));
    }
  };
  const refresh = async () => {
    isAsked = true;
    going ??= renderAll().finally(() => (going = null));
    try {
      await going;
    } catch (error) {
      log.error({ err: error }, 'the documents could not be rendered; those from before are served');
    }
  };
  return {
    async read(feed, format) {
      if (!documents) await refresh();
      const document = documents?.get(nameOf(feed.slug, format));
      if (!document) throw new Error(`no document ${nameOf(feed.slug, format)} has been rendered`);
      return document;
    },
    refresh,
  };
}

function nameOf(slug: string, format: DocumentFormat): string {
  return `${slug}.${format}`;
}
