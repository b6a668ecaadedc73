import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { Lab } from '../../../model/lab.ts';
import { type LabRestart, labRun } from '../topology.ts';

const SUPERVISOR = { need: 'supervisor' } as const;
const RUNSV = { need: 'program', key: 'runsv' } as const;

/** A program that is to be started again when it ends, where nothing can do that. */
export const restartWithoutSupervisor: MachineCheck = {
  name: 'restart-without-supervisor',
  code: 'NF3070',
  title: 'Nothing starts a program again',
  explain:
    '`restart: always` and `restart: on-failure` need a supervisor, and netform is none: it ends when its work is done. Where systemd is process 1, systemd does it; elsewhere `runsv` of runit. A program in the network of a container always needs `runsv`. Without either, a program that ended is drift, and the next `netform apply` starts it.',
  bad: `
namespaces:
  red: { run: { job: { command: sleep 1d, restart: always } } }
`,
  good: `
namespaces:
  red: { run: { job: sleep 1d } }
`,
  query: (lab) => (wantedRestarts(lab).length > 0 ? [SUPERVISOR, RUNSV] : []),
  find: (lab, live) =>
    live.get(RUNSV) !== null
      ? []
      : wantedRestarts(lab)
          .filter(({ isInContainer }) => isInContainer || live.get(SUPERVISOR) === null)
          .map(({ value, at, isInContainer }) => {
            const message = isInContainer
              ? `restart: ${value} in a container needs runsv of runit, which is not installed`
              : `restart: ${value} needs systemd as process 1, or runsv of runit, and neither is here`;
            return makeDiagnostic('restart-without-supervisor', atValue(at), message, {
              hint: 'install runit: apt-get install runit; or leave restart out, and netform apply starts it again',
            });
          }),
};

const wantedRestarts = (lab: Lab): readonly LabRestart[] =>
  labRun(lab).restarts.filter(({ value }) => value !== 'never');
