import { expect, test } from 'vitest';
import { kernelFeatureRule } from '../../../src/doctor/kernel.ts';
import type { DoctorFacts } from '../../../src/model/doctor/doctor-facts.ts';
import type { Lab } from '../../../src/model/lab.ts';
import { bridgeOf, labWith, liveWith } from '../kinds/fixture.ts';

const survey = (features: readonly (readonly [string, boolean])[]): DoctorFacts => ({
  ...{
    kernel: '6.1.0',
    features: new Map(features),
    basicLinkKinds: ['bridge', 'veth'],
    nftMissing: null,
    pluginFolders: [],
  },
  ...{ legacy: { chains: [], unread: [] }, slaveMount: null, namespaces: [], files: new Map(), units: new Set() },
  programs: { unitsProblem: null, hasCgroups: true, hasRunsv: false },
  limits: { namespaces: null, neighbours: { 4: null, 6: null } },
});

test('a kernel that does not list tracked connections is a warning, one without bridges an error', () => {
  const found = (features: readonly (readonly [string, boolean])[]) =>
    kernelFeatureRule
      .find({ survey: survey(features), live: liveWith({}), labs: [], states: [], unfinished: [] })
      .map(({ severity, remedy }) => [severity, ...remedy]);
  expect(found([['ctnetlink', true]])).toEqual([]);
  expect(found([['ctnetlink', false]])).toEqual([['warning', 'modprobe nf_conntrack_netlink']]);
  expect(found([['bridge', false]])).toEqual([['error', 'modprobe rtnl-link-bridge']]);
});

test('M24: a kind of link that the kernel lacks is a finding only for a lab that has one', () => {
  const facts = { survey: survey([['vxlan', false]]), live: liveWith({}), states: [], unfinished: [] };
  const links = [{ ...bridgeOf('red', 'vx0'), kind: 'vxlan' }];
  const found = (labs: readonly Lab[]) => kernelFeatureRule.find({ ...facts, labs }).map(({ what }) => what);
  expect(found([labWith({})])).toEqual([]);
  expect(found([labWith({ links })])).toEqual([
    'this kernel (6.1.0) cannot make links of kind vxlan, and the lab demo has one',
  ]);
});
