import type { MachineCheck } from '../../../checks/check.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labRun } from '../topology.ts';

const SUPERVISOR = { need: 'supervisor' } as const;

/** A program that is to be started again when it ends, where nothing can do that. */
export const restartWithoutSupervisor: MachineCheck = {
  name: 'restart-without-supervisor',
  code: 'NF3070',
  title: 'Nothing starts a program again',
  explain:
    '`restart: always` and `restart: on-failure` need a supervisor, and netform is none: it ends when its work is done. Where systemd is process 1, systemd does it; elsewhere `runsv` of runit. Without either, a program that ended is drift, and the next `netform apply` starts it.',
  bad: `
namespaces:
  red: { run: { job: { command: sleep 1d, restart: always } } }
`,
  good: `
namespaces:
  red: { run: { job: sleep 1d } }
`,
  query: (lab) => (labRun(lab).restarts.some(({ value }) => value !== 'never') ? [SUPERVISOR] : []),
  find: (lab, live) =>
    live.get(SUPERVISOR) !== null
      ? []
      : labRun(lab).restarts.flatMap(({ value, at }) =>
          value === 'never'
            ? []
            : [
                makeDiagnostic(
                  'restart-without-supervisor',
                  atValue(at),
                  `restart: ${value} needs systemd as process 1, or runsv of runit, and neither is here`,
                  {
                    hint: 'install runit: apt-get install runit; or leave restart out, and netform apply starts it again',
                  },
                ),
              ],
        ),
};
