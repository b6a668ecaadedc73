import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessRestart } from '../../../model/kernel/lab-process.ts';
import { cgroupMount } from '../process-cgroup.ts';

/** The unit of a program: `netform-shop:web:http.service`. A colon is in no name of a lab, a namespace or a program. */
export const unitName = (lab: string, netns: string, name: string): string => `netform-${lab}:${netns}:${name}.service`;

/** The slice of all slices of labs. */
export const NETFORM_SLICE = 'netform.slice';

/** The slice of a lab. A dash means a slice within another one (systemd.slice(5)), so one of a name is written as its code. */
export const labSlice = (lab: string): string => `netform-${lab.replaceAll('-', '\\x2d')}.slice`;

/** The control group of the slice of a lab, as a path. */
export const sliceCgroup = (lab: string): string =>
  join(cgroupMount() ?? '/', systemdCgroup(), NETFORM_SLICE, labSlice(lab));

/** The control group of systemd itself is beside its slices (proc(5)): `0::/init.scope`. */
const systemdCgroup = (): string => /^0::(.*)\/init\.scope$/m.exec(readFileSync('/proc/1/cgroup', 'utf8'))?.[1] ?? '';

/** `Restart=` of a unit, for what the topology says. */
export const unitRestart = (restart: ProcessRestart | undefined): string => RESTART[restart ?? 'never'];

const RESTART = { never: 'no', 'on-failure': 'on-failure', always: 'always' } as const;
