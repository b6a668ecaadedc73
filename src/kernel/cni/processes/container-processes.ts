import { readdirSync, readFileSync } from 'node:fs';
import { catchErrno } from '../../errno.ts';

/** A process that is a plugin, or was started by one. */
export type PluginProcess = { readonly pid: number; readonly containerId: string };

/** What works for containers: which one it is, is in the environment that plugins are called with (CNI_CONTAINERID). */
export const readContainerProcesses = (): readonly PluginProcess[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const variable = readProcFile(Number(name), 'environ')
      .split('\0')
      .find((one) => one.startsWith(VARIABLE));
    return variable === undefined ? [] : [{ pid: Number(name), containerId: variable.slice(VARIABLE.length) }];
  });

const VARIABLE = 'CNI_CONTAINERID=';

/** A file of a process; empty when it has ended, or is not to be read. */
export const readProcFile = (pid: number, file: 'environ' | 'cmdline' | 'comm'): string =>
  catchErrno(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'], () => readFileSync(`/proc/${pid}/${file}`, 'latin1')) ?? '';
