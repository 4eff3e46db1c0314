import type { Document, Feed } from '../model/feed.ts';
import type { Log } from '../ports/log.ts';

/** The documents in memory that the server answers from. */
export interface DocumentCache {
  /** Returns a document as it was last rendered. */
  readonly read: (feed: Pick<Feed, 'slug'>, format: Document['format']) => Promise<Document>;
  /** Renders all documents again; the old ones are served until then. A call during a rendering
   *  starts another one after it. Returns whether the last rendering succeeded. */
  readonly refresh: () => Promise<boolean>;
  /** Returns false on a new store: no run has ended, and no document has an entry yet. Once true
   *  it stays true. */
  readonly hasPublished: () => boolean;
  /** Notes that a run has ended and that the current documents were rendered after it. */
  readonly noteRun: () => void;
}

/** Keeps the stored documents until `render` returns newer ones. A rendering that fails is
 *  logged, and the old documents stay. */
export function createSiteDocuments(stored: readonly Document[], render: () => Promise<readonly Document[]>, log: Log): DocumentCache {
  let documents = byName(stored);
  let hasRun = false;
  let going: Promise<boolean> | null = null;
  let isAsked = false;
  const renderAll = async () => {
    let isDone = false;
    while (isAsked) {
      isAsked = false;
      try {
        // A feed that could not be rendered keeps its old documents.
        documents = new Map([...documents, ...byName(await render())]);
        isDone = true;
      } catch (error) {
        isDone = false;
        log.error({ err: error }, 'the documents could not be rendered; the previous ones are still served');
      }
    }
    return isDone;
  };
  return {
    async read(feed, format) {
      const document = documents.get(nameOf(feed.slug, format));
      if (!document) throw new Error(`no document ${nameOf(feed.slug, format)} has been rendered`);
      return document;
    },
    refresh() {
      isAsked = true;
      going ??= renderAll().finally(() => (going = null));
      return going;
    },
    hasPublished() {
      hasRun ||= [...documents.values()].some(({ history }) => history !== null && history.parts.length > 0);
      return hasRun;
    },
    noteRun: () => void (hasRun = true),
  };
}

function byName(documents: readonly Document[]): ReadonlyMap<string, Document> {
  return new Map(documents.map((document) => [nameOf(document.slug, document.format), document]));
}

function nameOf(slug: string, format: Document['format']): string {
  return `${slug}.${format}`;
}
