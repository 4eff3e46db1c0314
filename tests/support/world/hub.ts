import type { Store } from '../../../src/ports/store/store.ts';
import { createCallbacks } from '../../../src/websub/subscriber/callbacks.ts';
import { encodeDocument, typeOf, writeDocument } from './document.ts';
import { documentOf } from './server.ts';
import { noteServed } from './note-served.ts';
import type { Truth } from './truth.ts';
import { DAY } from './world.ts';
import type { Item, Outlet, World } from './world.ts';

/** Delivers a document with these items to the callback of a source, as its hub does (WebSub). The
 *  store must know the source. */
export async function deliver(world: World, store: Store, outlet: Outlet, items: readonly Item[]): Promise<void> {
  const path = outlet.id.padEnd(43, '-');
  const topic = documentOf(outlet);
  if ((await store.readSubscription(path)) === null) {
    const hub = `https://hub.${outlet.id}.test/`;
    const asked = {
      path,
      sourceId: outlet.id,
      hub,
      topic,
      callback: `https://fold.test/${path}`,
      secret: 'secret',
      attempts: 0,
      version: 1,
    };
    const until = new Date(world.now.getTime() + 1000 * DAY);
    await store.addSubscription({ ...asked, state: 'active', askedAt: world.now, nextAt: until, expiresAt: until });
  }
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const callbacks = createCallbacks({ store, write: (work) => work(store), clock: { now: () => world.now }, log, startRun: ignore });
  const bytes = encodeDocument(outlet, writeDocument({ ...outlet, items: [...items] }));
  if ((await callbacks.take(path, { contentType: typeOf(outlet), bytes })) === 'queued')
    outlet.delivered.push({ items: [...items], template: outlet.template });
}

/** Most documents that wait for one source; the oldest is dropped. */
const MOST_WAITING = 20;

/** Notes the delivered documents that a run has read before its polls. `hasEnded`: it was not
 *  killed, so it has read all of them. */
export function noteDelivered(world: World, truth: Truth, hasEnded: boolean): void {
  for (const outlet of world.outlets) {
    if (!outlet.isDeclared) continue;
    const { template: present } = outlet;
    for (const { items, template } of outlet.delivered.slice(-MOST_WAITING)) {
      outlet.template = template;
      noteServed(world, truth, new Map([[outlet.id, items]]), hasEnded);
    }
    outlet.template = present;
    if (hasEnded) outlet.delivered.length = 0;
  }
}

function ignore(): void {
  // Logs of a world are not read.
}
