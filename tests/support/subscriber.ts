import { createCallbacks } from '../../src/websub/subscriber/callbacks.ts';
import type { Notice, SourceDeclaration } from '../../src/model/source.ts';
import type { Subscription } from '../../src/ports/store/subscriber.ts';
import { listen } from '../../src/serve/http/listen.ts';
import { makeServer } from '../serve/made-server.ts';
import { declare, openWorkbench, rss } from './bench.ts';
import type { Workbench } from './bench.ts';
import { openHub } from './hub.ts';
import type { HubRequest, TestHub } from './hub.ts';
import { startLoopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** A workbench with served callbacks, a source that offers WebSub, and its hub. */
export interface SubscriberBench extends AsyncDisposable {
  readonly bench: Workbench;
  readonly server: Loopback;
  readonly hub: TestHub;
  /** The address of the source, which is also its topic. */
  readonly topic: string;
  readonly sources: readonly SourceDeclaration[];
  /** Number of runs that deliveries have asked for. */
  readonly runsAsked: () => number;
  readonly pass: (ms: number) => void;
  /** Runs the source once. */
  readonly run: () => ReturnType<Workbench['run']>;
  /** Runs, lets the hub verify the intent, and returns the request to the hub. */
  readonly subscribe: (otherwise?: Readonly<Record<string, string | null>>) => Promise<HubRequest>;
  /** Returns all stored subscriptions. */
  readonly subscriptions: () => Promise<readonly Subscription[]>;
  /** Publishes a new version of the document. */
  readonly publish: (...numbers: readonly number[]) => void;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Returns a document with these entries. */
export function feedOf(...numbers: readonly number[]): string {
  return rss(
    'https://a.test/',
    numbers.map((n) => [`Title number ${n} here`, `https://a.test/${n}`, `Text of number ${n}, which is like no other.`] as const),
  );
}

/** Opens a bench whose source has entry 1, names its hub in the Link field, and is polled
 *  adaptively. */
export async function openSubscriber(options: { readonly maxBytes?: number } = {}): Promise<SubscriberBench> {
  const server = await startLoopback();
  const hub = openHub(server);
  const bench = await openWorkbench();
  let asked = 0;
  const callbacks = createCallbacks({
    store: { ...bench.store, readSubscription: (path) => bench.store.readSubscription(path) },
    write: (work) => work(bench.store),
    clock: { now: () => bench.now },
    log: { debug: note, info: note, warn: note, error: note },
    startRun: () => void asked++,
  });
  function note(fields: object) {
    bench.log.push(fields);
  }
  const app = makeServer({
    log: { debug: note, info: note, warn: note, error: note },
    callbacks: { maxBytes: options.maxBytes ?? 100_000, ...callbacks },
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  bench.push = { ...bench.push, isOn: true, siteUrl: listening.url };
  const topic = `${server.origin}/feed`;
  const sources = [declare('feed', topic, { id: 'a', intervalMs: null })];
  let version = 0;
  const publish = (...numbers: readonly number[]) =>
    void server.answer(
      '/feed',
      200,
      { etag: `"${++version}"`, link: `<${hub.url}>; rel="hub", <${topic}>; rel="self"` },
      feedOf(...numbers),
    );
  publish(1);
  const run = () => bench.run(sources);
  return {
    bench,
    server,
    hub,
    topic,
    sources,
    runsAsked: () => asked,
    pass: (ms) => void (bench.now = new Date(bench.now.getTime() + ms)),
    run,
    async subscribe(otherwise) {
      await run();
      const request = hub.requests.at(-1) ?? {};
      await hub.askBack(request, otherwise);
      return request;
    },
    subscriptions: () => bench.store.readSubscriptions(),
    publish,
    async [Symbol.asyncDispose]() {
      await listening.close();
      await bench[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Returns the source's notice to the owner. */
export async function noticeOf({ bench }: SubscriberBench): Promise<Notice | null> {
  return (await bench.store.readSources())[0]?.poll.notice ?? null;
}
