import type { ReleaseFault } from '../../model/release.ts';
import { findFrontBlock, firstParagraph } from './front-fence.ts';
import type { FrontBlock } from './front-fence.ts';
import { readFrontText, toFrontKey } from './front-values.ts';
import type { FrontValues } from './front-values.ts';

/** The block above an article. */
interface FrontMatter {
  /** Empty when there is none, or it cannot be read for certain. */
  readonly values: FrontValues;
  /** The article below it. */
  readonly body: string;
  /** Why it cannot be read for certain; null when it can, or there is none. */
  readonly fault: ReleaseFault | null;
}

/** Longer front matter is not read (characters): every program's fits many times, and reading costs
 *  more than its length. */
const MAX_LENGTH = 65_536;
/** Keys of one block; more are somebody's data, not an article's. */
const MAX_KEYS = 2000;

/** Keys that say whether, or when, an article may be shown. */
const RELEASE =
  '(?:is[-_ ]?)?(?:draft|hidden|private|published)|is[-_ ]?(?:public|live)|status|state|visibility|post[-_ ]?status|workflow[-_ ]?state|unpublished|unlisted|pending|wip|' +
  'publish(?:ed)?(?:[-_ ]?(?:date|at|on|after))?|publication[-_ ]?date|date[-_ ]?published|pub[-_ ]?date|date|scheduled(?:[-_ ]?(?:at|for))?|' +
  'embargo(?:ed|[-_ ]?(?:until|date))?|(?:expiry|expiration|unpublish)[-_ ]?(?:date|at|on)?|expires?(?:[-_ ]?(?:at|on))?';
/** Keys by which a block is told from text between two rules. */
const KNOWN = `${RELEASE}|title|subtitle|author|authors|tags|categories|category|keywords|summary|description|id|guid|url|link|slug|permalink|aliases|layout|type|lang|language|image|updated|modified|lastmod|weight|taxonomies|template|extra`;
const releaseLine = new RegExp(String.raw`^[ \t"'{,.-]*(?:${RELEASE})["']?[ \t]*[:=]`, 'im');
const releaseMember = new RegExp(String.raw`["']?\b(?:${RELEASE})["']?[ \t]*:`, 'i');
const knownLine = new RegExp(String.raw`^[ \t"'{,.-]*(?:${KNOWN})["']?[ \t]*[:=]`, 'im');
const knownLines = new RegExp(knownLine, 'gim');
const knownKey = new RegExp(`^(?:${KNOWN})$`, 'i');
const anyKeyLine = /^[ \t]*["']?[\p{L}_][\p{L}\w.-]{0,40}["']?[ \t]*(?::(?=\s|$)|=)/mu;
/** Lines of keys without any fence, as MultiMarkdown, Pelican and Nikola have them, that say that
 *  the article is to wait. */
const heldLine =
  /^[ \t."']*(?:draft|is[-_ ]?draft|private|unpublished|pending|status|state|visibility)["']?[ \t]*[:=][ \t]*["']?(?:true|yes|on|1|draft|private|pending|unpublished|review|hidden)["']?,?[ \t]*$/im;
const publishedLine = /^[ \t."']*(?:is[-_ ]?)?(?:publish(?:ed)?|public)["']?[ \t]*[:=][ \t]*["']?(?:false|no|off|0)["']?,?[ \t]*$/im;

const dateLine = /^[ \t."']*(date|published|publish[-_ ]?(?:date|at|on)|pub[-_ ]?date)["']?[ \t]*[:=][ \t]*["']?(\d{4}-\d\d-\d\d[^"',]*)/i;

/** Splits front matter from the text below it; lines end in `\n`. Lines that look like keys and
 *  cannot be read are a fault: they may say that the article is to wait. A line of dashes above
 *  plain text is no front matter. `isMarkdown`: there a block of keys is front matter whichever
 *  they are; in a `.txt` or `.html` it needs one that is known. */
export function parseFrontMatter(text: string, { isMarkdown }: { readonly isMarkdown: boolean }): FrontMatter {
  const block = findFrontBlock(text);
  const none: FrontMatter = { values: new Map(), body: text, fault: null };
  if (block === null) {
    const head = readHead(text);
    return isHeldHead(head) ? { ...none, fault: unfenced(text) } : { ...none, values: readDates(head) };
  }
  if (block.form === null) return isDoubtful(block, { isMarkdown }) ? { ...none, fault: unknownFence(block) } : none;
  if (block.body === null) return isUnclosed(block) ? { ...none, fault: unclosed(block) } : none;
  const body = block.body;
  if (block.text.length > MAX_LENGTH) {
    const isMeant =
      knownLine.test(block.text.slice(0, MAX_LENGTH)) || (isMarkdown && anyKeyLine.test(block.text.trimStart().split('\n', 1)[0] ?? ''));
    return isMeant ? { ...none, body, fault: tooLarge(block) } : none;
  }
  const content = readFrontText(block.text, block.form);
  if (content.kind === 'fault') {
    const isMeant = (isMarkdown && block.fence !== '{' ? anyKeyLine : knownLine).test(block.text) || mentionsRelease(block);
    const line = block.line + (content.line ?? 0);
    return isMeant ? { ...none, body, fault: { ...unreadable, line, cause: `the front matter ${content.cause}` } } : none;
  }
  if (content.kind !== 'keys') {
    // A list of nothing that concerns us says nothing; a text between two rules is text.
    if (mentionsRelease(block))
      return { ...none, body, fault: { ...unreadable, line: block.line, cause: 'the front matter has no keys with values' } };
    return isMarkdown && block.fence !== '{' && content.kind !== 'text' ? { ...none, body } : none;
  }
  const { pairs } = content;
  if (pairs.length > MAX_KEYS) return { ...none, body, fault: tooLarge(block) };
  const isMeant = (isMarkdown && block.fence !== '{') || pairs.some(({ key }) => knownKey.test(key.trim()));
  if (!isMeant) return none;
  if (hasSecond(body)) return { ...none, body, fault: second(block) };
  const values = new Map<string, (typeof pairs)[number]>();
  for (const pair of pairs) {
    const key = toFrontKey(pair.key);
    const line = pair.line === null ? null : block.line + pair.line;
    if (values.has(key) && knownKey.test(pair.key.trim()))
      return {
        ...none,
        body,
        fault: {
          ...unreadable,
          line,
          cause: `the front matter has the key ${pair.key.slice(0, 60)} twice`,
          mend: 'keep one of them',
        },
      };
    values.set(key, { ...pair, line });
  }
  return { values, body, fault: null };
}

const unreadable = {
  code: 'article/front-matter',
  mend: 'mend that line; a value that holds a colon or begins with a sign goes between quotes',
} as const;

function mentionsRelease({ form, text }: FrontBlock): boolean {
  return (form === 'json' ? releaseMember : releaseLine).test(text);
}

/** Keys between fences that nobody knows: in doubt it is front matter. A word right behind the
 *  dashes names its language (gray-matter, Eleventy). */
function isDoubtful({ text, fence, body }: FrontBlock, { isMarkdown }: { readonly isMarkdown: boolean }): boolean {
  const head = text.slice(0, MAX_LENGTH);
  if (body !== null && (isMarkdown ? /^---[\w-]+$/ : /^---(?:js|javascript|coffee|cson|ini|lua|edn)$/i).test(fence)) return true;
  return releaseLine.test(head) || (head.match(knownLines)?.length ?? 0) > 1;
}

/** Whether a block that nothing closes begins as front matter does. */
function isUnclosed(block: FrontBlock): boolean {
  const head = block.text.slice(0, MAX_LENGTH);
  const first = block.form === 'json' ? head : (head.split('\n', 1)[0] ?? '');
  return knownLine.test(first) || mentionsRelease({ ...block, text: head });
}

/** Whether the text below front matter begins with a second block of keys. */
function hasSecond(body: string): boolean {
  const head = firstParagraph(body.slice(0, MAX_LENGTH).replace(/^\n+/, ''));
  const end = /^(?:---|\+\+\+|\.\.\.)[ \t]*$/m.exec(head);
  if (!end || end.index === 0) return false;
  const lines = head.slice(0, end.index).trimEnd().split('\n');
  return lines.every((line) => anyKeyLine.test(line)) && releaseLine.test(head.slice(0, end.index));
}

/** Lines at the top that are looked at for keys without a fence. */
const MAX_LINES = 60;
/** A line without a letter or digit: a fence, or what was meant as one. */
const SIGNS = /^[^\p{L}\p{N}]*$/u;
/** A first key on the line of a fence that was meant. */
const GLUED = /^[^\p{L}\p{N}\s#>*]{2,}[^\p{L}\p{N}]*/u;
/** A line of a key with its value, or of what belongs to the key above it. */
const KEY_LINE = /^[ \t]*(?:\.\. )?["']?[\p{L}_][\p{L}\w .-]{0,40}["']?[ \t]*(?::(?:\s|$)|=)|^[ \t]+\S/u;

/** Lines of keys without fences at the top of a text, or in the comment on top of it. */
interface Head {
  readonly keys: string;
  /** true below a line that was meant as a fence. */
  readonly isBelowFence: boolean;
  /** true when an empty line, or one of signs alone, ends them. */
  readonly isEnded: boolean;
}

function readHead(text: string): Head {
  const top = text.slice(0, MAX_LENGTH).replace(/^[\s\ufeff\u200b]+/, '');
  const comment = /^<!--([\s\S]*?)-->/.exec(top)?.[1]?.trim();
  const lines = (comment ?? top).split('\n', MAX_LINES).map((line) => line.slice(0, 400));
  let start = 0;
  while (start < lines.length && SIGNS.test(lines[start] ?? '')) start++;
  const isGlued = start === 0 && GLUED.test(lines[0] ?? '');
  if (isGlued) lines[0] = lines[0]?.replace(GLUED, '') ?? '';
  const below = lines.slice(start);
  const count = below.findIndex((line) => !KEY_LINE.test(line));
  const keys = count < 0 ? below : below.slice(0, count);
  return { keys: keys.join('\n'), isBelowFence: start > 0 || isGlued, isEnded: SIGNS.test(below[keys.length] ?? '') };
}

/** Whether such lines say that the text is to wait, or stand below a slip of a fence. */
function isHeldHead({ keys, isBelowFence, isEnded }: Head): boolean {
  const isHeld = heldLine.test(keys) || publishedLine.test(keys);
  if (isBelowFence) return isHeld || (keys.match(knownLines)?.length ?? 0) > 1;
  // Without any fence the keys end where a paragraph does.
  return isHeld && isEnded;
}

/** The dates of Pelican, MultiMarkdown and Hexo, whose keys may stand without a fence. Two known
 *  keys are needed, one of them a date that begins as `2026-12-24`. */
function readDates({ keys, isEnded }: Head): FrontValues {
  if (!isEnded || (keys.match(knownLines)?.length ?? 0) < 2) return new Map();
  const found = keys.split('\n').flatMap((line) => {
    const [, key, value] = dateLine.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value, line: null }];
  });
  return new Map(found.map((one) => [toFrontKey(one.key), one]));
}

/** Whether a key is one that is known here. */
export function isKnownKey(key: string): boolean {
  return knownKey.test(key.trim());
}

function unfenced(text: string): ReleaseFault {
  const before = text.slice(0, (heldLine.exec(text) ?? publishedLine.exec(text))?.index ?? 0);
  return {
    code: 'article/front-matter',
    line: before.split('\n').length,
    cause: 'it begins with keys that stand between no fences',
    mend: 'put them between two lines of ---, or take them out',
  };
}

function unknownFence({ fence, line }: FrontBlock): ReleaseFault {
  return {
    code: 'article/front-matter',
    line: line - 1,
    cause: `it begins with keys below ${fence.slice(0, 40)}, which opens no front matter that is known`,
    mend: 'put them between two lines of --- (YAML) or +++ (TOML)',
  };
}

function unclosed({ fence, line }: FrontBlock): ReleaseFault {
  const close = fence === '{' ? '}' : fence.slice(0, 3);
  return {
    code: 'article/front-matter',
    line: fence === '{' ? line : line - 1,
    cause: 'the front matter is never closed',
    mend: `write ${close} below its last key`,
  };
}

function tooLarge({ line }: FrontBlock): ReleaseFault {
  return {
    code: 'article/front-matter',
    line,
    cause: `the front matter is larger than ${MAX_LENGTH / 1024} kB, or has more than ${MAX_KEYS} keys`,
    mend: 'shorten it: what belongs to the text goes below it',
  };
}

function second({ line, text }: FrontBlock): ReleaseFault {
  return {
    code: 'article/front-matter',
    line: line + text.split('\n').length,
    cause: 'a second block of keys stands below the front matter',
    mend: 'keep one block',
  };
}
