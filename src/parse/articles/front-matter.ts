import type { ReleaseFault } from '../../model/release.ts';
import { findFrontBlock, firstParagraph } from './front-fence.ts';
import type { FrontBlock } from './front-fence.ts';
import { readFrontText, toFrontKey } from './front-values.ts';
import type { FrontValues } from './front-values.ts';

/** The result of splitting front matter from an article. */
interface FrontMatter {
  /** Empty without front matter, or when it is ambiguous. */
  readonly values: FrontValues;
  /** The article below the front matter. */
  readonly body: string;
  /** The reason why front matter is ambiguous; null without front matter, or when it was read. */
  readonly fault: ReleaseFault | null;
}

/** Most characters of front matter that are read. No program writes as much, and parsing takes more
 *  than linear time. */
const MAX_LENGTH = 65_536;
/** Most keys of one block; more are data rather than an article. */
const MAX_KEYS = 2000;

/** Keys that determine whether, or when, an article may be shown. */
const RELEASE =
  '(?:is[-_ ]?)?(?:draft|hidden|private|published)|is[-_ ]?(?:public|live)|status|state|visibility|post[-_ ]?status|workflow[-_ ]?state|unpublished|unlisted|pending|wip|' +
  'publish(?:ed)?(?:[-_ ]?(?:date|at|on|after))?|publication[-_ ]?date|date[-_ ]?published|pub[-_ ]?date|date|scheduled(?:[-_ ]?(?:at|for))?|' +
  'embargo(?:ed|[-_ ]?(?:until|date))?|(?:expiry|expiration|unpublish)[-_ ]?(?:date|at|on)?|expires?(?:[-_ ]?(?:at|on))?';
/** Keys that distinguish front matter from a text between two rules. */
const KNOWN = `${RELEASE}|title|subtitle|author|authors|tags|categories|category|keywords|summary|description|id|guid|url|link|slug|permalink|aliases|layout|type|lang|language|image|updated|modified|lastmod|weight|taxonomies|template|extra`;
const releaseLine = new RegExp(String.raw`^[ \t"'{,.-]*(?:${RELEASE})["']?[ \t]*[:=]`, 'im');
const releaseMember = new RegExp(String.raw`["']?\b(?:${RELEASE})["']?[ \t]*:`, 'i');
const knownLine = new RegExp(String.raw`^[ \t"'{,.-]*(?:${KNOWN})["']?[ \t]*[:=]`, 'im');
const knownLines = new RegExp(knownLine, 'gim');
const knownKey = new RegExp(`^(?:${KNOWN})$`, 'i');
const anyKeyLine = /^[ \t]*["']?[\p{L}_][\p{L}\w.-]{0,40}["']?[ \t]*(?::(?=\s|$)|=)/mu;
/** Lines of keys without fences, as in MultiMarkdown, Pelican and Nikola, that hold the article
 *  back. */
const heldLine =
  /^[ \t."']*(?:draft|is[-_ ]?draft|private|unpublished|pending|status|state|visibility)["']?[ \t]*[:=][ \t]*["']?(?:true|yes|on|1|draft|private|pending|unpublished|review|hidden)["']?,?[ \t]*$/im;
const publishedLine = /^[ \t."']*(?:is[-_ ]?)?(?:publish(?:ed)?|public)["']?[ \t]*[:=][ \t]*["']?(?:false|no|off|0)["']?,?[ \t]*$/im;

const dateLine = /^[ \t."']*(date|published|publish[-_ ]?(?:date|at|on)|pub[-_ ]?date)["']?[ \t]*[:=][ \t]*["']?(\d{4}-\d\d-\d\d[^"',]*)/i;

/** Splits front matter from the text below it; lines end in `\n`. Unreadable lines that look like
 *  keys are a fault, because they may hold the article back. A line of dashes above plain text is
 *  no front matter. With `isMarkdown`, any block of keys is front matter; in `.txt` and `.html` it
 *  needs a known key. */
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
    const isFrontMatter =
      knownLine.test(block.text.slice(0, MAX_LENGTH)) || (isMarkdown && anyKeyLine.test(block.text.trimStart().split('\n', 1)[0] ?? ''));
    return isFrontMatter ? { ...none, body, fault: tooLarge(block) } : none;
  }
  const content = readFrontText(block.text, block.form);
  if (content.kind === 'fault') {
    const isFrontMatter = (isMarkdown && block.fence !== '{' ? anyKeyLine : knownLine).test(block.text) || mentionsRelease(block);
    const line = block.line + (content.line ?? 0);
    return isFrontMatter ? { ...none, body, fault: { ...unreadable, line, cause: `the front matter ${content.cause}` } } : none;
  }
  if (content.kind !== 'keys') {
    // A list or text without release keys has no values; a text between two rules is part of the
    // article.
    if (mentionsRelease(block))
      return { ...none, body, fault: { ...unreadable, line: block.line, cause: 'the front matter has no keys with values' } };
    return isMarkdown && block.fence !== '{' && content.kind !== 'text' ? { ...none, body } : none;
  }
  const { pairs } = content;
  if (pairs.length > MAX_KEYS) return { ...none, body, fault: tooLarge(block) };
  const isFrontMatter = (isMarkdown && block.fence !== '{') || pairs.some(({ key }) => knownKey.test(key.trim()));
  if (!isFrontMatter) return none;
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
  mend: 'correct that line; put a value that has a colon or begins with a sign in quotes',
} as const;

function mentionsRelease({ form, text }: FrontBlock): boolean {
  return (form === 'json' ? releaseMember : releaseLine).test(text);
}

/** Reports whether keys between unknown fences may be front matter; in doubt they are. A word
 *  directly behind the dashes names the language (gray-matter, Eleventy). */
function isDoubtful({ text, fence, body }: FrontBlock, { isMarkdown }: { readonly isMarkdown: boolean }): boolean {
  const head = text.slice(0, MAX_LENGTH);
  if (body !== null && (isMarkdown ? /^---[\w-]+$/ : /^---(?:js|javascript|coffee|cson|ini|lua|edn)$/i).test(fence)) return true;
  return releaseLine.test(head) || (head.match(knownLines)?.length ?? 0) > 1;
}

/** Reports whether an unclosed block begins like front matter. */
function isUnclosed(block: FrontBlock): boolean {
  const head = block.text.slice(0, MAX_LENGTH);
  const first = block.form === 'json' ? head : (head.split('\n', 1)[0] ?? '');
  return knownLine.test(first) || mentionsRelease({ ...block, text: head });
}

/** Reports whether the text below front matter begins with a second block of keys. */
function hasSecond(body: string): boolean {
  const head = firstParagraph(body.slice(0, MAX_LENGTH).replace(/^\n+/, ''));
  const end = /^(?:---|\+\+\+|\.\.\.)[ \t]*$/m.exec(head);
  if (!end || end.index === 0) return false;
  const lines = head.slice(0, end.index).trimEnd().split('\n');
  return lines.every((line) => anyKeyLine.test(line)) && releaseLine.test(head.slice(0, end.index));
}

/** Number of lines at the top that are searched for keys without fences. */
const MAX_LINES = 60;
/** A line without a letter or digit: a fence, or an attempt at one. */
const SIGNS = /^[^\p{L}\p{N}]*$/u;
/** Signs before a first key that is on the line of the opening fence. */
const GLUED = /^[^\p{L}\p{N}\s#>*]{2,}[^\p{L}\p{N}]*/u;
/** A line with a key and a value, or an indented line that belongs to the key above. */
const KEY_LINE = /^[ \t]*(?:\.\. )?["']?[\p{L}_][\p{L}\w .-]{0,40}["']?[ \t]*(?::(?:\s|$)|=)|^[ \t]+\S/u;

/** Lines of keys without fences at the top of a text, or in a comment there. */
interface Head {
  readonly keys: string;
  /** True below a line that was an attempt at a fence. */
  readonly isBelowFence: boolean;
  /** True when an empty line, or one of signs alone, follows them. */
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

/** Reports whether such lines hold the article back, or are below a malformed fence. */
function isHeldHead({ keys, isBelowFence, isEnded }: Head): boolean {
  const isHeld = heldLine.test(keys) || publishedLine.test(keys);
  if (isBelowFence) return isHeld || (keys.match(knownLines)?.length ?? 0) > 1;
  // Without a fence, keys end with the paragraph.
  return isHeld && isEnded;
}

/** Returns the dates of Pelican, MultiMarkdown and Hexo, which allow keys without fences. At least
 *  two known keys are needed, one of them a date that begins like `2026-12-24`. */
function readDates({ keys, isEnded }: Head): FrontValues {
  if (!isEnded || (keys.match(knownLines)?.length ?? 0) < 2) return new Map();
  const found = keys.split('\n').flatMap((line) => {
    const [, key, value] = dateLine.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value, line: null }];
  });
  return new Map(found.map((one) => [toFrontKey(one.key), one]));
}

/** Reports whether a key is known. */
export function isKnownKey(key: string): boolean {
  return knownKey.test(key.trim());
}

function unfenced(text: string): ReleaseFault {
  const before = text.slice(0, (heldLine.exec(text) ?? publishedLine.exec(text))?.index ?? 0);
  return {
    code: 'article/front-matter',
    line: before.split('\n').length,
    cause: 'it begins with keys that are not between fences',
    mend: 'put them between two lines of ---, or remove them',
  };
}

function unknownFence({ fence, line }: FrontBlock): ReleaseFault {
  return {
    code: 'article/front-matter',
    line: line - 1,
    cause: `it begins with keys below ${fence.slice(0, 40)}, which is not a known fence of front matter`,
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
    mend: 'shorten it, and move text below it',
  };
}

function second({ line, text }: FrontBlock): ReleaseFault {
  return {
    code: 'article/front-matter',
    line: line + text.split('\n').length,
    cause: 'a second block of keys is below the front matter',
    mend: 'keep one block',
  };
}
