// What the build makes one script of: each part is begun when it is asked for.
export const startCommandLine = async (
  ...given: Parameters<typeof import('./run.ts')['runCommandLine']>
): Promise<void> => (await import('./run.ts')).runCommandLine(...given);

/** The other two programs: they begin when they are loaded. */
export const rollbackTimer = (): Promise<unknown> => import('../entries/rollback-timer.ts');
export const sandboxReader = (): Promise<unknown> => import('../entries/sandbox-reader.ts');
