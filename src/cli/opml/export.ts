import { readConfig } from '../../app/config.ts';
import { toOpml } from '../../publish/documents/opml.ts';
import { writeList } from './list-file.ts';
import { complain, countOf, print } from '../output/print.ts';
import { findStatus, foundFeedOf, readStatuses } from '../sources/stored-sources.ts';

/** Writes the feeds and pages of the configuration as a list of subscriptions, in its order, to
 *  a file or to standard output. Private sources are left out and counted on standard error.
 *  Missing titles and home pages are taken from the store, if there is one. */
export async function opmlExportCommand(file: string | undefined, options: { readonly config: string }): Promise<number> {
  const config = readConfig(options.config);
  const statuses = await readStatuses(config);
  const remote = config.sources.filter(({ kind }) => kind === 'feed' || kind === 'page');
  const shown = remote.filter((declaration) => !declaration.private);
  const listed = shown.map((declaration) => {
    const { kind, address, title, tags } = declaration;
    const status = findStatus(statuses, declaration);
    const isPage = kind === 'page';
    return {
      // Before the first run only the address is known; reading the list back, it does not count as
      // a title.
      title: title ?? status?.description.title ?? address,
      feedUrl: isPage ? foundFeedOf(status) : address,
      homePage: isPage ? address : (status?.description.homePage ?? null),
      tags,
    };
  });
  const text = toOpml(config.site.title, listed);
  if (file === undefined || file === '-') process.stdout.write(text);
  else {
    await writeList(file, text);
    print(`${countOf(listed.length, 'source')} written to ${file}`);
  }
  const hidden = remote.length - shown.length;
  if (hidden > 0) complain(`${countOf(hidden, 'private source')} ${hidden === 1 ? 'is' : 'are'} left out`);
  return 0;
}
