import { hasUserinfo } from '../../model/values/address.ts';
import { compareEntries } from '../../run/read/inspect.ts';
import type { InspectedEntry, Inspection } from '../../run/read/inspect.ts';
import type { SourceStatus } from '../../model/source.ts';
import { describe, normalise } from '../../normalise/normalise.ts';
import { findDeclared, findSource, openInspector, readTarget } from './inspector.ts';
import type { Inspector } from './inspector.ts';
import { colour, complain, countOf, print, printJson } from '../output/print.ts';
import { toProblemAt, toProblemText } from '../output/report.ts';
import { hideAddresses, nameUrl } from '../../model/values/address.ts';

/** Inspects a possible or a known source: prints what it is, how its feed was found, and its
 *  newest entries. For a known source, and with `previous`, it also prints which entries are
 *  known and which would be new. Nothing is stored. Exit code 1 when nothing could be read. */
export async function sourcesCheckCommand(
  word: string,
  options: { readonly config: string; readonly json?: boolean; readonly previous?: string },
): Promise<number> {
  const inspector = await openInspector(options.config);
  try {
    const { known, before: former, request, filter, address, isPrivate } = await resolveWord(inspector, word);
    const result = await inspector.inspect(address, request, filter);
    if (result.kind === 'failed') {
      const problem = isPrivate ? hideAddresses(result.problem) : result.problem;
      if (options.json === true) printJson({ url: isPrivate ? null : address.address, problem });
      else complain(toProblemAt(isPrivate ? nameUrl(word) : address.address, problem));
      return 1;
    }
    const before = options.previous === undefined ? former : await findSource(inspector.app, options.previous);
    if (options.previous !== undefined && before === null)
      complain(`no source has the id or address ${options.previous}: newsfold sources lists them`);
    const compared =
      inspector.app === null || before === null
        ? null
        : await compareEntries(inspector.app.store, before.source.id, result.inspection.feed, {
            hasMoved: options.previous !== undefined || known === null || before.source.address !== known.address,
            seenAt: inspector.app.clock.now(),
          });
    if (options.json === true) printJson(toJson(result.inspection, compared, isPrivate));
    else printInspection(result.inspection, { compared, before, isKnown: known !== null, isPrivate });
    return 0;
  } finally {
    await inspector.close();
  }
}

/** Returns the target, its request settings, and the source that it is or continues. */
async function resolveWord(inspector: Inspector, word: string) {
  const known = await findSource(inspector.app, word);
  const config = inspector.app?.config;
  // Request settings come from the configuration only: credentials are not stored.
  const declared = config?.sources[findDeclared(config, word, known)] ?? null;
  const source = declared ?? known?.source ?? null;
  if (source === null) {
    return {
      known: null,
      before: null,
      request: undefined,
      filter: undefined,
      address: await readTarget(word),
      isPrivate: hasUserinfo(word),
    };
  }
  const before = known ?? (source.previous === null ? null : await findSource(inspector.app, source.previous));
  const kind = source.kind === 'feed' || source.kind === 'page' ? ('address' as const) : ('path' as const);
  return {
    known: source,
    before,
    request: declared?.request,
    filter: declared ?? undefined,
    address: { kind, address: source.address },
    isPrivate: source.private,
  };
}

const NEWEST = 5;

const ways = {
  itself: 'the page is the feed',
  header: 'named in its Link header',
  link: 'named by link rel=alternate in the page',
  site: 'at the usual address of such a site',
  anchor: 'linked from the page',
  path: 'found at a common address: the page does not name it',
} as const;

/** Prints the result of an inspection. */
export function printInspection(
  inspection: Inspection,
  about: {
    readonly compared: readonly InspectedEntry[] | null;
    readonly before: SourceStatus | null;
    readonly isKnown: boolean;
    readonly isPrivate: boolean;
  },
): void {
  const { kind, address, found, others, feed, problems } = inspection;
  const name = about.isPrivate ? '(private)' : address;
  const { title } = describe(feed);
  if (found) print(`${name} is a page; its feed is ${about.isPrivate ? '(private)' : found.url} (${ways[found.via]})`);
  else
    print(
      `${name} is ${{ feed: `a feed (${feed.format})`, page: 'a page', file: `a saved feed (${feed.format})`, articles: 'a folder of articles' }[kind]}`,
    );
  print(`${colour('bold', title ?? 'without a title')}, ${countOf(feed.items.length, 'entry')}`);
  for (const { date, text } of newestOf(inspection).slice(0, NEWEST))
    print(`  ${date?.toISOString().slice(0, 10) ?? 'undated   '}  ${text.slice(0, 100)}`);
  const shownProblems = about.isPrivate ? problems.map(hideAddresses) : problems;
  for (const problem of shownProblems.slice(0, NEWEST)) print(`${colour('yellow', 'problem')} ${toProblemText(problem)}`);
  for (const other of about.isPrivate ? [] : others.slice(0, 8))
    print(`  also offered: ${other.url}${other.title === null ? '' : `  ${other.title}`}`);
  if (about.compared) showCompared(about.compared, about.before?.source.id ?? '');
  else if (!about.isKnown) print(`To read it from now on: newsfold sources add ${about.isPrivate ? 'ADDRESS' : toWord(address)}`);
}

/** Returns an address quoted for a shell where needed. */
function toWord(address: string): string {
  return /[*?[\]{}\s&]/.test(address) ? `"${address}"` : address;
}

function showCompared(compared: readonly InspectedEntry[], id: string): void {
  const count = (is: InspectedEntry['is']) => compared.filter((entry) => entry.is === is).length;
  print(
    `Of its ${countOf(compared.length, 'entry')} ${count('known')} are known from ${id}, ${count('renamed')} under another id, and ${count('new')} are new`,
  );
  for (const { item, is } of compared)
    if (is !== 'known') print(`  ${is === 'new' ? 'new    ' : 'renamed'}  ${item.item.title.slice(0, 100)}`);
}

/** Returns the entries by date, newest first and undated ones last. */
function newestOf({ feed, zone }: Inspection): { date: Date | null; text: string; url: string | null }[] {
  const context = { sourceId: '', homePage: feed.homePage, language: feed.language, zone, seenAt: new Date() };
  return feed.items
    .flatMap((item, position) => {
      const { change } = normalise({ item, identity: item.guid ?? '', position, contentHash: '' }, null, context);
      const revision = change?.revisions.at(-1);
      return revision ? [{ date: revision.published, text: revision.title || revision.text, url: item.url }] : [];
    })
    .toSorted((a, b) => (b.date?.getTime() ?? 0) - (a.date?.getTime() ?? 0));
}

function toJson(inspection: Inspection, compared: readonly InspectedEntry[] | null, isPrivate: boolean): object {
  const { kind, address, found, others, feed, problems } = inspection;
  const { title, homePage } = describe(feed);
  return {
    url: isPrivate ? null : address,
    kind,
    feed: isPrivate ? null : (found?.url ?? (kind === 'feed' ? address : null)),
    via: found?.via ?? null,
    format: feed.format,
    title,
    homePage,
    entries: newestOf(inspection).map(({ date, text, url }) => ({
      title: text.slice(0, 200),
      url,
      published: date?.toISOString() ?? null,
    })),
    others: (isPrivate ? [] : others).map(({ url, title: name }) => ({ url, title: name })),
    compared: compared?.map(({ item, is }) => ({ title: item.item.title, url: item.item.url, is })) ?? null,
    problems: isPrivate ? problems.map(hideAddresses) : problems,
  };
}
