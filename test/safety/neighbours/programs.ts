import { existsSync } from 'node:fs';
import { type Machine, withMachine } from '../../support/machine.ts';

/** What scripts/neighbours.mjs has unpacked. */
const FOLDER = process.env['NETFORM_TEST_PROGRAMS'] ?? '';

/** Why the real program cannot run here; `null` when it can. */
export function missing(program: string): string | null {
  if (process.getuid?.() !== 0) return 'only as root';
  return existsSync(`${FOLDER}/usr/${program}`) ? null : `NETFORM_TEST_PROGRAMS is no folder with ${program}`;
}

/** Gives `body` a machine in which the unpacked programs lie where their packages install them. */
export const withPrograms = <T>(body: (m: Machine) => Promise<T>): Promise<T> =>
  withMachine(async (m) => {
    await m.must(`set -e
      mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr
      cp -an ${FOLDER}/etc/. /etc
      mount -t tmpfs tmpfs /var/log; mount -t tmpfs tmpfs /var/cache; mount -t tmpfs tmpfs /root`);
    return body(m);
  });

/** Waits until a shell command succeeds, at most ten seconds; then shows `log`. */
export const until = (command: string, log: string): string =>
  `for i in $(seq 100); do ${command} >/dev/null 2>&1 && break; [ $i = 100 ] && { cat ${log} >&2; exit 1; }; sleep 0.1; done`;
