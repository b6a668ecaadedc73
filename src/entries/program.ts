import type { PackageInfo } from '../cli/version.ts';

// The build makes one script of this file and of all that it imports. Each part is loaded when it is started.

/** Runs a command line, with all commands. */
export async function startCommandLine(argv: readonly string[], pjson: PackageInfo): Promise<void> {
  const [{ runCommandLine }, { COMMANDS }] = await Promise.all([
    import('../cli/run.ts'),
    import('../commands/index.ts'),
  ]);
  return runCommandLine(argv, pjson, COMMANDS);
}

/** The verbs that make, remove, reconcile and import a lab, and the session of this host, for a caller that wraps its machine or its store. */
export async function loadVerbs() {
  const { applyTopology } = await import('../pipeline/apply.ts');
  const { destroyLab } = await import('../pipeline/destroy.ts');
  const { renameLab } = await import('../pipeline/lab/rename.ts');
  const { recoverOrphans } = await import('../pipeline/recovery/recover-orphans.ts');
  const { openHostSession } = await import('../pipeline/host-session.ts');
  const { importMachine } = await import('../pipeline/import/import-live.ts');
  const { importFromScript } = await import('../pipeline/import/import-script.ts');
  const { planTopology, shellScript } = await import('../pipeline/plan.ts');
  const { runReconcile } = await import('../pipeline/reconcile/run-reconcile.ts');
  const { validateTopology } = await import('../pipeline/validate.ts');
  return {
    applyTopology,
    destroyLab,
    importFromScript,
    importMachine,
    openHostSession,
    planTopology,
    recoverOrphans,
    renameLab,
    runReconcile,
    shellScript,
    validateTopology,
  };
}

/** Runs the rollback timer, which starts when its module is loaded. */
export const rollbackTimer = (): Promise<unknown> => import('./rollback-timer.ts');

/** Makes one run of a resident reconcile, which starts when its module is loaded. */
export const residentRun = (): Promise<unknown> => import('./resident-run.ts');

/** Runs the reader inside the sandbox of `import script`, which starts when its module is loaded. */
export const sandboxReader = (): Promise<unknown> => import('./sandbox-reader.ts');
