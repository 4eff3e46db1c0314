import { renderAll, renderStoredArchive } from '../../../../src/feeds/render-documents.ts';
import type { Store } from '../../../../src/ports/store/store.ts';
import { toRenderContext } from '../node.ts';
import { machineTime } from '../world.ts';
import type { World } from '../world.ts';
import { readAll } from './stories.ts';

/** The published state of a life: by name, stories in words and documents as text. */
export type End = ReadonlyMap<string, string>;

/** Reads all stories, documents and archives. */
export async function readEnd(world: World, store: Store): Promise<End> {
  const end = new Map<string, string>();
  const stories = await readAll(store);
  for (const { id, key, published, datedAt, updated, firstSeenAt, lead, members } of stories) {
    const entries = members.map(({ entry }) => `${entry.key} of ${entry.sourceId}`);
    end.set(`story ${id}`, JSON.stringify({ key, published, datedAt, updated, firstSeenAt, lead: lead.entry.key, entries }, null, 1));
  }
  end.set('order of stories', stories.map(({ id }) => id).join('\n'));
  for (const [name, text] of await readDocuments(world, store)) end.set(name, text);
  for (const [name, text] of await readArchives(world, store)) end.set(name, text);
  return end;
}

/** Renders all documents of a world's feeds. */
export async function readDocuments(world: World, store: Store): Promise<End> {
  const documents = await renderAll(toRenderContext(world, store));
  return new Map(documents.map(({ slug, format, bytes }) => [`document ${slug}.${format}`, decode(bytes)]));
}

/** Renders all archives of a world's feeds. Archives that nobody has requested before are made, and
 *  then stay as they are, so both twins must ask for them at one time. */
async function readArchives(world: World, store: Store): Promise<End> {
  const context = toRenderContext(world, store);
  const end = new Map<string, string>();
  for (const feed of world.feeds) {
    const { chain } = await store.bindFeed(feed.slug, machineTime(world));
    const newest = await store.readNewestArchive(feed.slug, chain);
    for (let n = newest ?? 0; n > 0; n--) {
      const archive = await renderStoredArchive(context, feed, n);
      if (archive) end.set(`archive ${n} of ${feed.slug}`, decode(archive.bytes));
    }
  }
  return end;
}

/** Returns the differences of two ends, in words. */
export function compareEnds(one: End, other: End): string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return names.flatMap((name) => {
    const [a, b] = [one.get(name), other.get(name)];
    return a === b ? [] : [`${name} differs from its twin: ${firstDifference(a ?? '(missing)', b ?? '(missing)')}`];
  });
}

function firstDifference(one: string, other: string): string {
  const [a, b] = [one.split('\n'), other.split('\n')];
  const at = a.findIndex((line, index) => line !== b[index]);
  const line = at < 0 ? a.length : at;
  return `line ${line + 1}: ${a[line] ?? '(end)'} ≠ ${b[line] ?? '(end)'}`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
