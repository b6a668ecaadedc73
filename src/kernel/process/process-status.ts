import { readdirSync, readFileSync } from 'node:fs';
import { catchErrno } from '../errno.ts';

/** What proc(5) says of a process. A zombie has ended: only its parent has not looked yet. */
export type ProcessStatus = {
  readonly startTime: string;
  readonly isZombie: boolean;
  readonly parent: number;
  readonly session: number;
};

// proc(5): clock ticks of user space, the same on every architecture that Linux 5 has.
const TICKS_A_SECOND = 100;
// The fields after the name in parentheses: state is the first, the start time the 20th.
const STATE = 0;
const PARENT = 1;
const SESSION = 3;
const START_TIME = 19;

/** The state of a process; null: there is none of that number. */
export function readProcessStatus(pid: number): ProcessStatus | null {
  const text = catchErrno(['ENOENT', 'ESRCH'], () => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const startTime = fields[START_TIME] ?? '';
  return {
    startTime,
    parent: Number(fields[PARENT]),
    session: Number(fields[SESSION]),
    isZombie: fields[STATE] === 'Z' || fields[STATE] === 'X',
  };
}

/** For how many whole seconds a process has run. */
export const runSeconds = ({ startTime }: Pick<ProcessStatus, 'startTime'>): number =>
  Math.max(0, Math.floor((bootTicks() - Number(startTime)) / TICKS_A_SECOND));

/** The processes of a session that have not ended; none for 0. */
export const sessionPids = (session: number): readonly number[] => pidsOfSessions(new Set([session]));

/** The processes of many sessions that have not ended, with one look at all processes. */
export const pidsOfSessions = (sessions: ReadonlySet<number>): readonly number[] =>
  [...sessions].every((session) => session === 0)
    ? []
    : readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((pid) => {
          const status = readProcessStatus(pid);
          return status !== null && !status.isZombie && status.session !== 0 && sessions.has(status.session);
        });

/** Clock ticks since the boot. */
export const bootTicks = (): number => Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * TICKS_A_SECOND;
