import { DatabaseSync } from 'node:sqlite';
import { createRandom } from '../tests/support/damage.ts';
import { createTextMaker } from './made-feeds.ts';

/** Number of sources of the stories, without the rare one. */
export const SOURCES = 500;
/** Instant of the newest story, milliseconds. */
export const START = Date.parse('2026-03-10T12:00:00Z');
/** Length of a text in characters. */
const LENGTH = 2000;
const random = createRandom(1);
const makeText = createTextMaker(random);

/** Returns a text. One in a hundred is Chinese, one in a thousand has the rare word. */
function makeBody(no: number): string {
  if (no % 100 === 7)
    return Array.from({ length: LENGTH / 3 }, () => String.fromCodePoint(0x4e00 + Math.floor(random() ** 3 * 4000))).join('');
  let text = no % 1000 === 3 ? 'A quixotic zugzwang. ' : 'Harbour news. ';
  while (text.length < LENGTH) text += `${makeText().text} `;
  return `${text.slice(0, LENGTH - 30)}the old harbour council met.`;
}

/** Fills a store with stories of two kilobytes, one a minute back from START. The store must be
 *  bound to the sources `s0` to `s499`, `rare` and `none`, and to the feed `all`. */
export function fillStore(file: string, count: number): void {
  const db = new DatabaseSync(file);
  const insert = (table: string, columns: string) =>
    db.prepare(`insert into ${table} (${columns}) values (${columns.replaceAll(/[a-z_]+/g, '?')})`);
  const entry = insert('entry', 'no, source_id, identity, key, link_post, position, content_hash, first_seen_at, dated_at, pending');
  const revision = insert('revision', 'entry_no, n, kind, title, html, text, hash, seen_at, authors, categories, enclosures');
  const story = insert('story', 'no, id, key, lead_no, updated, first_seen_at, dated_at, footer, settled_at, dirty');
  const place = insert('story_entry', 'entry_no, story_no, label, score, why, rules, joined_at');
  const listing = insert('listing', 'slug, story_no, kind, seq, at, updated, accounted_for, logged_at, recalled');
  db.exec('BEGIN');
  for (let no = 1; no <= count; no++) {
    const at = START - ((no * 7919) % count) * 60_000;
    const text = makeBody(no);
    entry.run(no, no % 5000 === 9 ? 'rare' : `s${no % SOURCES}`, `e${no}`, `k${no}`, 0, 0, 'h', at, at, 0);
    revision.run(no, 1, 'first', makeText().title, `<p>${text}</p>`, text, 'h', at, '[]', '[]', '[]');
    story.run(no, `urn:x:${no}`, `k${no}`, no, at, at, at, '[]', at, 0);
    place.run(no, no, 'different', 0, '[]', 'x', at);
    listing.run('all', no, 'new', no, at, at, at, at, 0);
    if (no % 5000 === 0) db.exec('COMMIT; BEGIN');
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}
