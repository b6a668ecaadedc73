import { readdirSync, readFileSync } from 'node:fs';
import { catchErrno } from '../../errno.ts';

/** A process that a plugin has started and that goes on without it. */
type BackgroundProcess = { readonly containerId: string; readonly phrase: string };

/** What plugins have started in the background, as `process 123 (sleep)`: the container is in the environment that they had. */
export const readBackgroundProcesses = (): readonly BackgroundProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [, containerId] = /(?:^|\0)CNI_CONTAINERID=([^\0]*)/.exec(readProc(pid, 'environ')) ?? [];
      const name = readProc(pid, 'comm').trim();
      return containerId === undefined ? [] : [{ containerId, phrase: `process ${pid} (${name})` }];
    });

const readProc = (pid: string, file: 'environ' | 'comm'): string =>
  catchErrno(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'], () => readFileSync(`/proc/${pid}/${file}`, 'utf8')) ?? '';
