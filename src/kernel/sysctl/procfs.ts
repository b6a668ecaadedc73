import { closeFd, openPrivateFilesystem } from '../libc.ts';

/** So many accesses are made through one instance of procfs. */
const ACCESSES_PER_INSTANCE = 512;

type ProcfsInstance = { readonly fd: number | null; left: number };

let instance: ProcfsInstance | null = null;

/**
 * A folder to open `sys/net/…` in, for one access: null stands for /proc. Every namespace's files have the same names in
 * the same folder /proc/sys/net, and the kernel finds one of a thousand by walking past the others (`proc_sys_compare` in
 * fs/proc/proc_sysctl.c): 50 µs a file. An instance of our own, given up for a new one soon, stays empty, and so does the
 * machine's. Where it cannot be made (before Linux 5.8, or /proc partly hidden in a container) it is the machine's.
 */
export function acquireProcfs(): number | null {
  if (instance && (instance.fd === null || instance.left > 0)) {
    instance.left -= 1;
    return instance.fd;
  }
  closeProcfs();
  instance = { fd: openPrivateFilesystem('proc'), left: ACCESSES_PER_INSTANCE };
  return instance.fd;
}

/** Gives the instance up. */
export function closeProcfs(): void {
  if (instance?.fd) closeFd(instance.fd);
  instance = null;
}
