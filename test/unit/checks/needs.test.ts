import { expect, test } from 'vitest';
import { toLiveState } from '../../../src/model/kernel/need.ts';
import { checkMachine, machineQuery } from '../../../src/registry/checks.ts';
import { onlyAsked } from '../../support/facts.ts';
import { labWith } from '../kinds/fixture.ts';

const existing = [{ netns: 'host', name: 'ens9', at: ['host', 'interfaces', 'ens9'] }] as const;

test('a check of the machine is skipped for a lab for which it asks nothing', () => {
  const lab = labWith({});
  expect(machineQuery(lab).map(({ need }) => need)).toEqual(['machine', 'machine']);
  const live = onlyAsked(toLiveState([], 0), machineQuery(lab));
  expect(checkMachine(lab, live, { file: 'lab.yaml', recorded: [] })).toEqual([]);
});

test('a check of the machine brings the needs of what it uses', () => {
  const lab = labWith({ existing });
  expect(machineQuery(lab)).toContainEqual({ need: 'namespace', netns: 'host' });
  expect(() => checkMachine(lab, onlyAsked(toLiveState([], 0), []), { file: 'lab.yaml', recorded: [] })).toThrow(
    'not asked for',
  );
});
