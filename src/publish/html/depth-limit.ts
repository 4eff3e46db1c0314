/** Most elements open at once. It is ten times the depth that `sanitise` keeps, so its result does
 *  not change. */
const MAX_OPEN = 1000;

/** Returns HTML in which at most some 1,000 elements are open at once; tags that would open more
 *  are left out. The parser of sanitize-html moves its whole list of open elements for each new
 *  one. A megabyte of `<b>` would take it more than a minute. HTML of ordinary depth is returned
 *  unchanged. This function takes linear time. It also counts tags in scripts and comments, which
 *  affects only HTML of extreme depth. */
export function toShallow(html: string): string {
  const open: string[] = [];
  const kept: string[] = [];
  let from = 0;
  for (let start = html.indexOf('<'); start !== -1;) {
    const end = html.indexOf('>', start);
    if (end === -1) break;
    // Element names are short; the beginning of a longer, unknown one is enough.
    const [, slash, name] = /^<(\/?)([a-z][^\s/>]{0,20})/i.exec(html.slice(start, start + 24)) ?? [];
    if (name !== undefined && !opens(open, name.toLowerCase(), slash === '/')) {
      kept.push(html.slice(from, start));
      from = end + 1;
    }
    start = html.indexOf('<', name === undefined ? start + 1 : end + 1);
  }
  return from === 0 ? html : kept.join('') + html.slice(from);
}

/** Counts a tag as opened or closed; false when it would open too many elements. */
function opens(open: string[], name: string, isEnd: boolean): boolean {
  if (isEnd) {
    const at = open.lastIndexOf(name);
    if (at !== -1) open.length = at;
    return true;
  }
  if (leaf.has(name)) return true;
  const ended = ends.get(name);
  while (ended?.has(open.at(-1) ?? '') === true) open.pop();
  if (open.length >= MAX_OPEN) return false;
  open.push(name);
  return true;
}

const leaf = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));

/** For each tag: the open elements that it ends without an end tag (HTML §13.1.2.4). A long list
 *  without end tags is thus not counted as a deep one. */
const ends = new Map(
  [
    ['li', 'li'],
    ['p', 'p'],
    ['dt', 'dt dd'],
    ['dd', 'dt dd'],
    ['option', 'option'],
    ['td', 'td th'],
    ['th', 'td th'],
    ['tr', 'td th tr'],
    ['tbody', 'td th tr thead tbody'],
    ['tfoot', 'td th tr thead tbody'],
    ...'address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol pre section table ul'
      .split(' ')
      .map((name) => [name, 'p']),
  ].map(([name, names]) => [name, new Set(names?.split(' '))]),
);
