/** Each command is loaded when it is called: a server starts without what reads feeds, a list of stories without either. */
function onCall<Given extends readonly unknown[]>(
  load: () => Promise<(...given: Given) => Promise<number>>,
): (...given: Given) => Promise<number> {
  return async (...given) => (await load())(...given);
}

export const backupCommand = onCall(async () => (await import('./backup.ts')).backupCommand);
export const buildCommand = onCall(async () => (await import('./build.ts')).buildCommand);
export const checkCommand = onCall(async () => (await import('./check.ts')).checkCommand);
export const hideCommand = onCall(async () => (await import('./correct.ts')).hideCommand);
export const mergeCommand = onCall(async () => (await import('./correct.ts')).mergeCommand);
export const splitCommand = onCall(async () => (await import('./correct.ts')).splitCommand);
export const explainCommand = onCall(async () => (await import('./explain.ts')).explainCommand);
export const exportCommand = onCall(async () => (await import('./export.ts')).exportCommand);
export const foldCommand = onCall(async () => (await import('./fold.ts')).foldCommand);
export const importCommand = onCall(async () => (await import('./import.ts')).importCommand);
export const initCommand = onCall(async () => (await import('./init.ts')).initCommand);
export const opmlExportCommand = onCall(async () => (await import('./opml-export.ts')).opmlExportCommand);
export const opmlImportCommand = onCall(async () => (await import('./opml-import.ts')).opmlImportCommand);
export const parseCommand = onCall(async () => (await import('./parse.ts')).parseCommand);
export const politeCommand = onCall(async () => (await import('./polite.ts')).politeCommand);
export const pruneCommand = onCall(async () => (await import('./prune.ts')).pruneCommand);
export const refoldCommand = onCall(async () => (await import('./refold.ts')).refoldCommand);
export const runCommand = onCall(async () => (await import('./run.ts')).runCommand);
export const serveCommand = onCall(async () => (await import('./serve.ts')).serveCommand);
export const sourcesAddCommand = onCall(async () => (await import('./sources-add.ts')).sourcesAddCommand);
export const sourcesCheckCommand = onCall(async () => (await import('./sources-check.ts')).sourcesCheckCommand);
export const sourcesCommand = onCall(async () => (await import('./sources.ts')).sourcesCommand);
export const sourcesRemoveCommand = onCall(async () => (await import('./sources-remove.ts')).sourcesRemoveCommand);
export const storiesCommand = onCall(async () => (await import('./stories.ts')).storiesCommand);
export const whyCommand = onCall(async () => (await import('./why.ts')).whyCommand);
export const workerCommand = onCall(async () => (await import('./worker.ts')).workerCommand);
