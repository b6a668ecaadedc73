import type { Progress } from '../../model/results/progress.ts';
import { beginStatusLine } from './status-line.ts';

/** Progress as lines on standard error, of which only the answer to a signal is also written without a terminal. */
export const terminalProgress: Pick<Progress, 'begin' | 'wait' | 'rollingBack'> = {
  begin: beginStatusLine,
  wait: async (title, work) => {
    // Loaded when it is needed: it takes longer than most runs.
    const { withSpinner } = await import('./run-progress.ts');
    return withSpinner(title, work);
  },
  rollingBack: () => {
    process.stderr.write('netform: rolling back, please wait\n');
  },
};
