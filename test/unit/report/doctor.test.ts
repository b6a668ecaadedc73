import { expect, test } from 'vitest';
import type { DoctorFacts, ProgramSupport } from '../../../src/model/doctor/doctor-facts.ts';
import type { LabView } from '../../../src/model/results/lab-view.ts';
import { doctorText } from '../../../src/report/text/doctor.ts';

const paint = (_style: string, text: string): string => text;
const view = (lab: string): LabView => ({
  ...{ lab, uid: '00000000', file: null, appliedAt: '2026-01-01T00:00:00Z', resources: [], extras: [] },
});
const clean = { found: [], fixed: [], survey: null, hasPrograms: false, compared: [], warned: [] };

test('H5: the last lines say what is as applied, what topologies warn of, and what is not tested', () => {
  const compared = [view('one'), view('two')];
  const warned = [{ lab: 'two', file: '/home/me/my lab.yaml', count: 2 }];
  expect(doctorText({ ...clean, compared, warned }, paint)).toBe(
    `No problem found on this machine, and one, two are as applied.
The topology of two has 2 warnings: netform validate '/home/me/my lab.yaml'
Reachability is not tested.
`,
  );
  expect(doctorText(clean, paint)).toBe('No problem found on this machine.\n');
});

test('of labs with programs it says how these are run here, and what is missing', () => {
  const says = (programs: ProgramSupport, hasPrograms = true) => {
    const survey = { programs } as unknown as DoctorFacts;
    return doctorText({ ...clean, survey, hasPrograms }, paint).replace('No problem found on this machine.\n', '');
  };
  const unitsProblem = 'systemd is not process 1';
  expect(says({ unitsProblem: null, hasCgroups: true, hasRunsv: false })).toBe('Programs run as units of systemd.\n');
  expect(says({ unitsProblem, hasCgroups: true, hasRunsv: true })).toBe(
    'Programs run in control groups of netform, because systemd is not process 1; runsv of runit starts them again.\n',
  );
  expect(says({ unitsProblem, hasCgroups: false, hasRunsv: false })).toBe(
    'Programs run in sessions, without control groups, because systemd is not process 1; nothing starts them again when they end, for runsv of runit is not installed.\n',
  );
  expect(says({ unitsProblem, hasCgroups: true, hasRunsv: true }, false)).toBe('');
});
