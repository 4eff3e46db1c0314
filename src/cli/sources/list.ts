import { openApp } from '../../app/app.ts';
import type { SourceStatus } from '../../model/source.ts';
import { isLocal, toAsideForm, toSourceForm, toState } from '../../publish/api/json.ts';
import { toAsideText } from '../../model/set-aside.ts';
import { showMinute } from '../../model/values/shown-time.ts';
import { colour, print, printJson, toColumns } from '../output/print.ts';

/** Prints the sources with their state as a table, or with `json` as lines in the form of
 *  /api/v1/sources (docs/design.md §85). */
export async function sourcesCommand(options: { readonly config: string; readonly json?: boolean }): Promise<number> {
  const app = await openApp(options.config, 'sources');
  try {
    const statuses = await app.readSources();
    const setAside = await app.store.readSetAside();
    if (options.json === true)
      for (const status of statuses)
        printJson({
          ...toSourceForm(status, { isPublic: false, problem: null }),
          setAside: setAside.filter((item) => item.sourceId === status.source.id).map(toAsideForm),
        });
    else if (statuses.length === 0) print('no source has been read yet: newsfold run');
    else
      for (const line of toColumns([['id', 'kind', 'state', 'entries', 'last success', 'next poll', 'title'], ...statuses.map(toRow)]))
        print(line);
    for (const { source, poll } of options.json === true ? [] : statuses) {
      if (poll.problem) print(`${colour('yellow', source.id)}: ${poll.problem.message}`);
      if (poll.notice) print(`${colour('yellow', source.id)}: ${poll.notice.message} (${poll.notice.at.toISOString().slice(0, 10)})`);
    }
    for (const item of options.json === true ? [] : setAside) print(`${colour('yellow', item.sourceId)}: ${toAsideText(item)}`);
    return 0;
  } finally {
    await app.close();
  }
}

function toRow(status: SourceStatus): string[] {
  const { source, description, poll, entries } = status;
  const time = (date: Date | null) => (date === null ? 'never' : showMinute(date));
  const next = poll.gone || !status.active ? 'never' : isLocal(status) ? 'every run' : time(poll.nextPollAt);
  const chosen = source.intervalMs === null || isLocal(status) || !status.active ? '' : ` (owner: every ${source.intervalMs / 1000} s)`;
  return [
    source.id,
    source.kind,
    toState(status),
    String(entries),
    time(poll.lastSuccessAt),
    next + chosen,
    source.title ?? description.title ?? '',
  ];
}
