import { openApp } from '../../app/app.ts';
import { isSameMinute, toShownTime } from '../../model/values/shown-time.ts';
import type { HeldFile } from '../../model/release.ts';
import type { Story } from '../../model/story.ts';
import { toStoryForm } from '../../publish/api/json.ts';
import { print, printJson } from '../output/print.ts';

const PAGE = 100;

/** Prints the published stories, newest first, or with `held` the own articles that wait; with
 *  `json` a line each (docs/design.md §85). */
export async function storiesCommand(options: {
  readonly config: string;
  readonly json?: boolean;
  readonly limit?: number;
  /** true: own articles that wait are printed instead. */
  readonly held?: boolean;
}): Promise<number> {
  const app = await openApp(options.config, 'stories');
  try {
    if (options.held === true) {
      showHeld((await app.store.readHeld()).slice(0, options.limit), options.json === true);
      return 0;
    }
    const wanted = options.limit ?? Infinity;
    let shown = 0;
    for (let offset = 0; shown < wanted; offset += PAGE) {
      const stories = await app.store.readStories({ order: 'published', offset, limit: Math.min(PAGE, wanted - shown) });
      for (const story of stories) show(story, options.json === true);
      shown += stories.length;
      if (stories.length < PAGE) break;
    }
    if (shown === 0 && options.json !== true) print('no story has been published yet: newsfold run');
    return 0;
  } finally {
    await app.close();
  }
}

/** Prints own articles that wait: why, until when, and how to fix a fault; with `json` a line
 *  each. */
function showHeld(held: readonly HeldFile[], isJson: boolean): void {
  if (isJson) {
    for (const { sourceId, location, title, reason, code, message, line, mend, until, isPublished } of held)
      printJson({ source: sourceId, file: location, title, reason, code, message, line, mend, until, published: isPublished });
    return;
  }
  if (held.length === 0) print('no own article is held back');
  for (const { sourceId, location, reason, message, line, mend, isPublished } of held) {
    print(`${sourceId}  ${location}${line === null ? '' : `, line ${line}`}  ${reason}: ${message}`);
    if (mend !== null) print(`    ${isPublished ? 'the published version stays; ' : ''}to fix it: ${mend}`);
  }
}

function show(story: Story, isJson: boolean): void {
  if (isJson) {
    printJson(toStoryForm(story));
    return;
  }
  const { key, updated, lead, members } = story;
  const { kind, at } = toShownTime(story);
  const notes = [...(kind === 'seen' ? ['first seen'] : []), ...(isSameMinute(updated, at) ? [] : [`updated ${showTime(updated)}`])];
  const when = kind === 'undated' ? 'undated'.padEnd(16) : showTime(at);
  print(`${key}  ${when}  ${lead.entry.revision.title}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`);
  for (const member of members) {
    const why = member.verdict.score > 0 ? `, folded: ${member.verdict.why.join(', ')}` : '';
    print(`    ${member === lead ? 'lead' : 'also'} ${member.entry.sourceId}, entry ${member.entry.key}${why}`);
  }
}

function showTime(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
