import { readFile } from 'node:fs/promises';
import { createConfiguredFetcher, createStandaloneFetcher } from '../../app/fetchers.ts';
import type { Problem } from '../../model/errors.ts';
import type { ParsedFeed, ParseResult, SourceBytes } from '../../model/parsed.ts';
import { identifyItems } from '../../normalise/identity/identity.ts';
import { describe, normalise } from '../../normalise/normalise.ts';
import { judgeRelease, toHoldProblem } from '../../normalise/own/own-release.ts';
import type { ReleaseVerdict } from '../../normalise/own/own-release.ts';
import type { OwnArticle } from '../../parse/articles/articles.ts';
import { parseArticle, parseFeed } from '../../parse/parse.ts';
import { standardOptions, unconditional } from '../../ports/fetcher.ts';
import { createLog } from '../../app/log.ts';
import { readConfig, siteZoneOf } from '../../app/config.ts';
import { colour, countOf, print, printJson } from '../output/print.ts';
import { toProblemAt, toProblemText } from '../output/report.ts';

/** Prints the content of each file or URL: a feed in any format, or a local article. With `json`
 *  it prints a line each, whose `problems` list every repair. It needs neither configuration nor
 *  store; a configuration only supplies request settings. Exit code 1 when one of them could not
 *  be read. */
export async function parseCommand(
  targets: readonly string[],
  options: { readonly json?: boolean; readonly config: string | null },
): Promise<number> {
  let failed = 0;
  const config = options.config === null ? null : readConfig(options.config);
  const fetcher = config === null ? createStandaloneFetcher() : await createConfiguredFetcher(config, createLog(config));
  for (const file of targets) {
    const zone = siteZoneOf(config);
    const loaded = /^https?:/i.test(file) ? await fetchBytes(fetcher, file) : await readBytes(file);
    const parsed: ParsedAny = 'code' in loaded ? { kind: 'refused', problem: loaded } : await parseAny(loaded, file);
    const hold = parsed.kind === 'feed' && parsed.own ? judgeRelease(parsed.own.release, { now: new Date(), zone }).hold : null;
    if (parsed.kind === 'refused') failed++;
    if (options.json === true)
      printJson(
        parsed.kind === 'refused'
          ? { file, ok: false, error: parsed.problem }
          : { file, ok: true, ...toJson(parsed.feed, zone), ...(hold && { held: hold, entries: [] }) },
      );
    else if (parsed.kind === 'refused') print(colour('red', toProblemAt(file, parsed.problem)));
    else show(file, parsed.feed, { zone, hold });
  }
  await fetcher.close();
  return failed > 0 ? 1 : 0;
}

/** The content of a file or URL; only a local article has `own`. */
type ParsedAny =
  | { readonly kind: 'feed'; readonly feed: ParsedFeed; readonly own?: OwnArticle }
  | Extract<ParseResult, { kind: 'refused' }>;

async function parseAny(content: SourceBytes, file: string): Promise<ParsedAny> {
  const name = file.replace(/^.*\//, '');
  if (/\.(txt|md|markdown)$/i.test(name)) return parseArticle(content, name);
  const parsed = await parseFeed(content);
  // A feed may have been saved under such a name.
  return parsed.kind === 'refused' && /\.html?$/i.test(name) && !/^https?:/i.test(file) ? parseArticle(content, name) : parsed;
}

async function readBytes(file: string): Promise<SourceBytes | Problem> {
  try {
    // The origin of a file is unknown: relative links stay relative, unless the file has a base
    // (xml:base).
    return { bytes: await readFile(file), contentType: null, url: '' };
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { code: 'file/unreadable', message: `cannot be read (${String(error.code)})` };
  }
}

async function fetchBytes(fetcher: ReturnType<typeof createStandaloneFetcher>, url: string): Promise<SourceBytes | Problem> {
  const result = await fetcher.fetch({ ...unconditional, url, accept: 'feed', publicOnly: false, options: standardOptions });
  if (result.kind === 'content') return result.content;
  return result.kind === 'failed' ? result.problem : { code: 'fetch/status', message: `${url} answered 304 to an unconditional request` };
}

/** Returns the form of `parse --json`: the fields that a scorer beside the project reads, plus
 *  `problems`. */
function toJson(feed: ParsedFeed, zone: string) {
  const { title, homePage } = describe(feed);
  const { problems } = identifyItems(feed);
  const context = { sourceId: '', homePage, language: feed.language, zone: feed.format === 'local' ? zone : 'UTC', seenAt: new Date() };
  // Repeated items are kept, since this command shows the document as it is.
  const results = feed.items.map((item, position) =>
    normalise({ item, identity: item.guid ?? '', position, contentHash: '' }, null, context),
  );
  const entries = results.flatMap(({ change }) => {
    const revision = change?.revisions.at(-1);
    if (!change || !revision) return [];
    const { title: heading, html, summary, published, updated, authors, categories, enclosures, image, rights } = revision;
    const fields = { title: heading, html, summary, published, updated, authors, categories, enclosures, image, rights };
    return [
      {
        id: change.entry.guid,
        url: change.entry.url,
        ...fields,
        language: change.entry.language,
        source: change.entry.origin,
        revisions: change.revisions.length,
      },
    ];
  });
  const { format, selfUrl, hubUrls, language } = feed;
  return {
    format,
    title,
    homePage,
    selfUrl,
    hubUrls,
    language,
    entries,
    problems: [...feed.problems, ...problems, ...results.flatMap((result) => result.problems)],
  };
}

function show(file: string, feed: ParsedFeed, { zone, hold }: { readonly zone: string; readonly hold: ReleaseVerdict['hold'] }): void {
  const { title, homePage, format, entries, problems } = toJson(feed, zone);
  if (hold) {
    print(`${file}: ${format}, ${toHoldProblem(file.replace(/^.*\//, ''), hold, { isPublished: false }).message}`);
    return;
  }
  print(`${file}: ${format}, ${countOf(entries.length, 'entry')}, "${title ?? ''}" ${homePage ?? ''}`);
  for (const entry of entries)
    print(
      `  ${(entry.updated ?? entry.published)?.toISOString() ?? 'undated             '}  ${entry.title}${entry.revisions > 1 ? ` (${entry.revisions} revisions)` : ''}`,
    );
  for (const problem of problems) print(`  ${colour('yellow', 'problem')} ${toProblemText(problem)}`);
}
