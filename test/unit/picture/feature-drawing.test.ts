import { expect, test } from 'vitest';
import { buildPicture } from '../../../src/picture/model/build-picture.ts';
import type { FeatureDrawing } from '../../../src/picture/model/feature-drawing.ts';
import { withRemovedParts } from '../../../src/picture/model/removed-parts.ts';
import { features } from '../../../src/registry/features.ts';
import { examplePicture, labOf } from './example-pictures.ts';

const TEXT = `
version: 1
name: lab
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
nat: [{ masquerade: lan }]
portForwards: ['8080 -> red:80']
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, nat: [{ masquerade: any, out: eth0 }], portForwards: ['53/udp -> 10.0.0.1:53'] }
`;

test('what a feature draws is in the boxes and at the edge of the host, in the order of the features', () => {
  const lab = labOf(TEXT);
  const drawing = (name: string): FeatureDrawing => ({
    rows: (_whole, netns) => [{ id: name, ids: [], sort: 'nat', name: `${name} of ${netns}`, texts: [], word: null }],
    gates: () => [{ id: name, ids: [], sort: 'nat', name, text: '', inner: null, outer: null, word: null }],
  });
  const known = { resources: [], words: new Map(), features: [drawing('one'), drawing('other')] };
  const { boxes, gates, outside } = buildPicture(withRemovedParts(lab, null, new Map()), known);
  expect(boxes[0]?.rows.slice(-2).map(({ name }) => name)).toEqual(['one of red', 'other of red']);
  expect(gates.map(({ id }) => id)).toEqual(['one', 'other']);
  expect(outside).toBe(true);
});

test('NAT and forwards draw themselves', () => {
  const { boxes, gates } = examplePicture(TEXT);
  const rows = boxes[0]?.rows.filter(({ sort }) => sort === 'nat' || sort === 'forward');
  expect(rows?.map(({ sort, name, texts }) => [sort, name, ...texts])).toEqual([
    ['nat', 'masquerade', 'any out eth0'],
    ['forward', ':53/udp', '10.0.0.1:53'],
  ]);
  expect(gates.map(({ id, text, inner }) => [id, text, inner])).toEqual([
    ['nat:0', 'lan', 'bridge:host/lan'],
    ['forward:0', 'red:80', 'netns:red'],
  ]);
  expect(features.filter(({ draw }) => draw).map(({ name }) => name)).toEqual([
    'nat',
    'cni-attachments',
    'port-forwards',
    'services',
    'firewall',
    'dns-server',
    'answering-ports',
    'http-proxy',
    'routing',
    'impair',
    'switch-rules',
    'run',
  ]);
});

test('a CNI network is a LAN with its plugins at the lines, their masquerading and published ports at the edge', () => {
  const { boxes, switches, wires, gates } = examplePicture(`
version: 1
name: lab
cni:
  net:
    file: none
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, isGateway: true, ipMasq: true, ipam: { type: host-local, subnet: 10.22.0.0/24 } }
      - { type: portmap, capabilities: { portMappings: true } }
  l2: { file: none, cniVersion: 1.0.0, plugins: [{ type: other, ipam: { type: dhcp } }] }
namespaces:
  pod1: { publish: ["8080:80"], interfaces: { eth0: { cni: net }, net1: { cni: l2 } } }
`);
  const interfaces = boxes[0]?.rows.filter(({ sort }) => sort === 'interface');
  expect(interfaces?.map(({ name, texts }) => [name, ...texts])).toEqual([
    ['eth0', '10.22.0.2/24'],
    ['net1', 'address later'],
  ]);
  expect(switches.map(({ name, subnets }) => [name, ...subnets])).toEqual([['net', '10.22.0.0/24'], ['l2']]);
  expect(wires.map(({ ends, note }) => [...ends.map(({ node, port }) => port ?? node), note])).toEqual([
    ['eth0', 'cni:net', 'CNI bridge, portmap'],
    ['net1', 'cni:l2', 'CNI other'],
  ]);
  expect(gates.map(({ name, text, inner }) => [name, text, inner])).toEqual([
    [':8080/tcp', 'pod1:80 by CNI', 'netns:pod1'],
    ['masquerade', 'net by CNI', 'cni:net'],
  ]);
});

test('ports are labelled with their VLANs, and a bridge that keeps these apart is one LAN for each', () => {
  const { wires, switches } = examplePicture(`
version: 1
name: lab
bridges: { lan: { vlans: { red: { id: 10, subnet: [10.1.0.0/24, "fd00:1::/64"] }, blue: 20 } } }
namespaces:
  up:
    bridges: { sw: { vlans: { red: 10, blue: 20 } } }
    interfaces: { up: { bridge: sw, port: { trunk: [20-29, red] } } }
  red: { interfaces: { eth0: { bridge: lan, port: { access: red }, impair: { loss: 5% } } } }
  plain: { interfaces: { eth0: { bridge: lan } } }
host: { interfaces: { down: { bridge: lan, port: { trunk: [red, blue], native: 30 } } } }
links: ["host:down -- up:up"]
`);
  expect(switches.map(({ name, subnets, vlans }) => [name, subnets, vlans])).toEqual([
    ['lan', [], ['VLAN 10 red 10.1.0.0/24, fd00:1::/64', 'VLAN 20 blue', 'VLAN 30']],
    ['sw', [], ['VLAN 10 red 10.1.0.0/24, fd00:1::/64', 'VLAN 20 blue']],
  ]);
  expect(wires.map(({ note }) => note).sort()).toEqual([
    'host: trunk 10,20, native 30; up: trunk 10,20-29',
    'vlan 10; loss 5%',
    undefined,
  ]);
});
