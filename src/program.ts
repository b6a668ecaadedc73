// What the build makes one script of: each part is begun when it is asked for.
export const start = async (...given: Parameters<typeof import('./start.ts')['start']>): Promise<void> =>
  (await import('./start.ts')).start(...given);

/** The other two programs: they begin when they are loaded. */
export const watcher = (): Promise<unknown> => import('./watcher.ts');
export const importer = (): Promise<unknown> => import('./importer.ts');
