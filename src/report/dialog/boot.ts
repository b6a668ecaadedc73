import { SILENT_DISPLAY } from '../progress/terminal-progress.ts';

type Booted = {
  readonly lab: string;
  readonly status: 'done' | 'unchanged' | 'failed';
  readonly isCopy: boolean;
  readonly problem: string | null;
};

/** How the boot of a lab ended, in one sentence. */
export function bootText({ lab, status, isCopy, problem }: Booted): string {
  const what = isCopy ? 'what was applied last' : 'its file';
  if (status === 'failed') return `${lab} was not applied: ${problem}`;
  const done = status === 'unchanged' ? `${lab} is as ${what} says` : `${lab}: applied ${what}`;
  return problem === null ? `${done}.` : `${done}, because of its file: ${problem}`;
}

/** A run without questions, and without progress. */
export const quietRun = (lockTimeoutMs: number) => ({
  agree: async () => true,
  progress: () => SILENT_DISPLAY,
  lockTimeoutMs,
  confirmSeconds: null,
  foreign: 'refuse' as const,
});
