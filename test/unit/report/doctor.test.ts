import { expect, test } from 'vitest';
import type { LabView } from '../../../src/model/results/lab-view.ts';
import { doctorText } from '../../../src/report/text/doctor.ts';

const paint = (_style: string, text: string): string => text;
const view = (lab: string): LabView => ({
  ...{ lab, uid: '00000000', file: null, appliedAt: '2026-01-01T00:00:00Z', resources: [], extras: [] },
});
const clean = { found: [], fixed: [], survey: null, compared: [], warned: [] };

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
