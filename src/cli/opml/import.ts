import { addSources } from '../../config/edit/edit.ts';
import { hasUserinfo } from '../../model/values/address.ts';
import type { AppConfig } from '../../config/config.ts';
import { NewsfoldError } from '../../model/errors.ts';
import type { Problem } from '../../model/errors.ts';
import { isSlug } from '../../model/values/slug.ts';
import { parseOpml } from '../../parse/opml/opml.ts';
import type { ListedSource } from '../../parse/opml/opml.ts';
import { editConfig } from '../sources/edit-config.ts';
import { createKnown } from '../sources/known-sources.ts';
import { readListFile } from './list-file.ts';
import { colour, complain, print, printJson } from '../output/print.ts';
import { readStatuses } from '../sources/stored-sources.ts';

/** Adds the sources of a list of subscriptions to the configuration in one edit. Sources that it
 *  already has are unchanged, so importing a list twice changes no byte. It takes a file, an
 *  address or `-` for standard input; every source gets the tags of `tag`. Exit code 1 when
 *  nothing in the list could be imported. */
export async function opmlImportCommand(
  target: string,
  options: { readonly config: string; readonly dryRun?: boolean; readonly tag?: readonly string[]; readonly json?: boolean },
): Promise<number> {
  const { tag = [], json = false } = options;
  const wrong = tag.find((name) => !isSlug(name));
  if (wrong !== undefined) throw new NewsfoldError('usage/tag', `--tag ${wrong} is no tag: use 1 to 63 of a-z, 0-9 and -`, { exitCode: 2 });
  const list = parseOpml(await readListFile(target, options.config));
  const passedOver = list.problems.filter((problem) => !isNote(problem));
  const notes = list.problems.filter(isNote);
  if (list.sources.length === 0) {
    if (json) printJson({ added: [], present: 0, passedOver, problems: notes, written: false });
    else for (const { message, code } of list.problems) complain(`${message} [${code}]`);
    if (!json && list.problems.length === 0) complain('the list contains no feed');
    return 1;
  }
  let added: readonly ListedSource[] = [];
  const edit = async (text: string, config: AppConfig) => {
    const findKnown = createKnown(config, await readStatuses(config));
    added = list.sources
      .filter((source) => findKnown(source) === null)
      .map((source) => ({ ...source, tags: [...new Set([...source.tags, ...tag])] }));
    return addSources(text, added.map(toConfigured));
  };
  const { written } = await editConfig(options.config, edit, options);
  const present = list.sources.length - added.length;
  if (json) printJson({ added: added.map(toShown), present, passedOver, problems: notes, written });
  else show({ added, present, passedOver, notes, isDryRun: options.dryRun === true }, options.config);
  return 0;
}

function toConfigured({ kind, address, title, tags }: ListedSource): Readonly<Record<string, unknown>> {
  return { [kind]: address, ...(title !== null && { title }), ...(tags.length > 0 && { tags }) };
}

/** Reports whether a problem lost no source. */
function isNote({ code }: Problem): boolean {
  return code === 'opml/no-tag' || code === 'opml/cut-off' || code.startsWith('decode/');
}

/** Returns a source with its address, unless the address contains a password. */
function toShown({ kind, address, title, tags }: ListedSource): object {
  return { kind, url: hasUserinfo(address) ? null : address, title, tags };
}

function show(
  report: {
    readonly added: readonly ListedSource[];
    readonly present: number;
    readonly passedOver: readonly Problem[];
    readonly notes: readonly Problem[];
    readonly isDryRun: boolean;
  },
  config: string,
): void {
  const { added, present, passedOver, notes, isDryRun } = report;
  for (const { address, title, tags } of added) {
    const name = [title, hasUserinfo(address) ? null : address].filter((part) => part !== null).join('  ');
    print(`${colour('green', isDryRun ? 'would add' : 'added')} ${name}${tags.length === 0 ? '' : `  [${tags.join(', ')}]`}`);
  }
  for (const { message, code } of passedOver) print(`${colour('yellow', 'skipped')} ${message} [${code}]`);
  for (const { message, code } of notes) print(`${colour('yellow', 'note')} ${message} [${code}]`);
  const counts = `${added.length} ${isDryRun ? 'would be added' : 'added'}, ${present} already configured, ${passedOver.length} skipped`;
  print(`${counts}${isDryRun ? '; nothing was written' : ''}`);
  if (added.length > 0 && !isDryRun) print(`${config} now lists them; the next run reads them`);
}
