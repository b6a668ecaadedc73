// What the build makes one script of: each part is loaded when it is first used.
export const startCommandLine = async (
  ...given: Parameters<typeof import('./run.ts')['runCommandLine']>
): Promise<void> => (await import('./run.ts')).runCommandLine(...given);

/** The other two programs: they begin when they are loaded. */
export const rollbackTimer = (): Promise<unknown> => import('../entries/rollback-timer.ts');
export const sandboxReader = (): Promise<unknown> => import('../entries/sandbox-reader.ts');

/** The verbs that make and remove a lab, and the session of this host, for a caller that wraps its machine or its store. */
export async function loadVerbs() {
  const { applyTopology } = await import('../pipeline/apply.ts');
  const { destroyLab } = await import('../pipeline/destroy.ts');
  const { openHostSession } = await import('../pipeline/host-session.ts');
  const { planTopology } = await import('../pipeline/plan.ts');
  const { validateTopology } = await import('../pipeline/validate.ts');
  return { applyTopology, destroyLab, openHostSession, planTopology, validateTopology };
}
