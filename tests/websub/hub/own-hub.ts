import { createHub } from '../../../src/websub/hub/hub.ts';
import { createHttpClient } from '../../../src/ingest/http/http-client.ts';
import { formats } from '../../../src/publish/documents/document.ts';
import { toDocumentPath } from '../../../src/publish/documents/paths.ts';
import { renderFeed } from '../../../src/feeds/render-documents.ts';
import { isTrusted } from '../../../src/run/trusted-clock.ts';
import { makeServer } from '../../serve/made-server.ts';
import { declare, openWorkbench, rss } from '../../support/bench.ts';
import { site, toFeed } from '../../support/story.ts';
import { agree, startSubscriber } from './hub-subscriber.ts';

/** The address of the main document. */
export const TOPIC = `${site.url}/feed.atom`;
const hubUrl = `${site.url}/websub`;

/** A hub over a real store, asked through the real route, which calls back over real sockets; the
 *  clock is the workbench's. */
export async function openHub(options: { readonly allow?: readonly string[] } = {}) {
  const bench = await openWorkbench();
  bench.feeds = [
    toFeed(),
    toFeed({ slug: 'tech', isDefault: false }),
    toFeed({ slug: 'inner', isDefault: false, private: true, token: 's' }),
  ];
  const clock = { now: () => bench.now };
  const allowPrivateAddresses = options.allow ?? ['127.0.0.0/8'];
  const shared = { store: bench.store, clock, site, version: '0.0.0', hubUrl };
  const rendering = {
    ...shared,
    feeds: bench.feeds,
    options: { siteUrl: site.url, alsoPublished: 'footer' as const, titlePrefix: false, updateNotes: true },
  };
  const note = (fields: object) => void bench.log.push(fields);
  const log = { debug: note, info: note, warn: note, error: note };
  const opened: (() => Promise<void>)[] = [];
  const open = (shown: readonly string[] = ['all', 'tech']) => {
    let isStopped = false;
    const http = createHttpClient({ userAgent: 'Newsfold/test', proxy: null, noProxy: [], allowPrivateAddresses });
    const feeds = bench.feeds.filter(({ slug }) => shown.includes(slug));
    const topics = new Map(
      feeds.flatMap((feed) => formats.map((format) => [site.url + toDocumentPath(feed, format), { feed, format }] as const)),
    );
    const context = { store: bench.store, http, clock, log, siteUrl: site.url, hubUrl, allowPrivateAddresses, topics };
    const hub = createHub({
      ...context,
      renderFeed: (feed) => renderFeed(rendering, feed),
      isClockTrusted: () => isTrusted({ store: bench.store, clock }),
      isStopped: () => isStopped,
    });
    const close = async () => {
      isStopped = true;
      await http.close();
      await hub.ended();
    };
    opened.push(close);
    return { ...hub, close };
  };
  const items: [title: string, link: string, text: string, guid: string][] = [];
  return {
    bench,
    /** Opens the hub, as a start of the server does; of these feeds, private ones never. */
    open,
    /** Publishes a story more; the feeds' readers are to be told. */
    async publish(name: string, at = new Date(bench.now.getTime() + 1000)) {
      items.unshift([`Of ${name}`, `https://a.test/${name}`, Array.from({ length: 30 }, (_, n) => `${name}word${n}`).join(' '), name]);
      bench.now = at;
      await bench.run([declare('file', bench.write('a.xml', rss('https://a.test/', items)), { id: 'a' })]);
    },
    /** The document as it is served now. */
    read: async (format: 'atom' | 'rss' | 'json' = 'atom') => {
      const found = (await renderFeed(rendering, toFeed())).find((document) => document.format === format);
      if (!found) throw new Error('no document');
      return Buffer.from(found.bytes).toString();
    },
    /** What the address of the hub answers a form. */
    async ask(hub: Pick<ReturnType<typeof createHub>, 'accept'>, form: Readonly<Record<string, string>>) {
      const app = makeServer({ askHub: hub.accept });
      const body = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.topic': TOPIC, ...form });
      const answer = await app.request('/websub', { method: 'POST', body });
      return { status: answer.status, text: await answer.text() };
    },
    /** All that is due, to its end. */
    async work(hub: ReturnType<typeof createHub>, isNews = true) {
      await hub.work(isNews);
      await hub.ended();
      await hub.work(false);
      await hub.ended();
    },
    async [Symbol.asyncDispose]() {
      for (const close of opened) await close();
      await bench[Symbol.asyncDispose]();
    },
  };
}

/** A hub with a story, and one who has asked to be told of more at /callback. */
export async function openSubscribed(form: Readonly<Record<string, string>> = {}, answer = agree) {
  const subscriber = await startSubscriber();
  const bench = await openHub();
  const callback = subscriber.on('/callback', answer);
  await bench.publish('one');
  const hub = bench.open();
  const { status } = await bench.ask(hub, { 'hub.callback': callback, ...form });
  await bench.work(hub);
  return {
    ...bench,
    hub,
    subscriber,
    callback,
    status,
    later: (ms: number) => void (bench.bench.now = new Date(bench.bench.now.getTime() + ms)),
    async [Symbol.asyncDispose]() {
      await bench[Symbol.asyncDispose]();
      await subscriber[Symbol.asyncDispose]();
    },
  };
}
