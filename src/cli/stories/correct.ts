import { openApp } from '../../app/app.ts';
import { hideStory, mergeStories, splitStory } from '../../run/corrections/corrections.ts';
import type { CorrectionOutcome } from '../../model/story.ts';
import type { RunContext } from '../../run/run-context.ts';
import { complain, print } from '../output/print.ts';

/** Options of every correction. */
interface CorrectionOptions {
  readonly config: string;
}

/** Removes an entry from its story for good. Exit code 1 when the story has nothing to split, 3
 *  while a run goes on. */
export function splitCommand(storyKey: string, entryKey: string, options: CorrectionOptions): Promise<number> {
  return correct('split', options, (context) => splitStory(context, storyKey, entryKey));
}

/** Merges two stories for good. */
export function mergeCommand(firstKey: string, secondKey: string, options: CorrectionOptions): Promise<number> {
  return correct('merge', options, (context) => mergeStories(context, firstKey, secondKey));
}

/** Hides a story or an entry everywhere. */
export function hideCommand(key: string, options: CorrectionOptions): Promise<number> {
  return correct('hide', options, (context) => hideStory(context, key, { isHidden: true }));
}

/** Shows a hidden story or entry again. */
export function unhideCommand(key: string, options: CorrectionOptions): Promise<number> {
  return correct('hide', options, (context) => hideStory(context, key, { isHidden: false }));
}

async function correct(
  command: string,
  { config }: CorrectionOptions,
  work: (context: RunContext) => Promise<CorrectionOutcome>,
): Promise<number> {
  const app = await openApp(config, command);
  try {
    const { isDone, message } = await work(app.runContext);
    (isDone ? print : complain)(message);
    return isDone ? 0 : 1;
  } finally {
    await app.close();
  }
}
