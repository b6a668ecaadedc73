import { expect, test } from 'vitest';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

/** What is said of a topology: messages of the file, and of the lab. */
function messagesOf(text: string): readonly string[] {
  const read = loadTopology(`version: 1\nname: lab\n${text}`, { file: 'x', vars: {}, varFile: null });
  const problems = read.topology ? elaborateTopology(read.topology, {}).problems : [];
  return [...read.diagnostics, ...problems].map(({ message }) => message);
}

const PAIR = (one: string, other: string) => `
namespaces:
  r1: { interfaces: { eth0: {} }, routing: { ${one}bgp: { asn: 65001, routerId: 1.1.1.1, peers: [{ interface: eth0 }] } } }
  r2: { interfaces: { eth0: {} }, routing: { ${other}bgp: { asn: 65002, routerId: 2.2.2.2, peers: [{ interface: eth0 }] } } }
links: ["r1:eth0 -- r2:eth0"]
`;

test('over a link without addresses both ends run one program', () => {
  expect(messagesOf(PAIR('', ''))).toEqual([]);
  expect(messagesOf(PAIR('engine: frr, ', 'engine: frr, '))).toEqual([]);
  expect(messagesOf(PAIR('engine: frr, ', ''))).toEqual([
    'r1 and r2 run two programs, which do not find each other over eth0',
    'r2 and r1 run two programs, which do not find each other over eth0',
  ]);
});

test('a router with FRR has zebra, and a process for each protocol and family, which begin after it', () => {
  const { topology } = loadTopology(
    `version: 1
name: lab
bridges: { wire: 10.0.12.0/24 }
namespaces:
  r1:
    interfaces: { eth0: { bridge: wire } }
    routing: { engine: frr, bgp: { asn: 65001, peers: [{ to: 10.0.12.9, asn: 65002 }] }, ospf: { interfaces: eth0 } }
`,
    { file: 'x', vars: {}, varFile: null },
  );
  const { processes } = topology ? elaborateTopology(topology, {}) : { processes: [] };
  expect(processes.map(({ name, command: [program] }) => [name, program])).toEqual([
    ['routing', '/usr/lib/frr/zebra'],
    ['bgpd', '/usr/lib/frr/bgpd'],
    ['ospfd', '/usr/lib/frr/ospfd'],
  ]);
  expect(processes.map(({ after }) => after.includes('process:r1/routing'))).toEqual([false, true, true]);
});

test('the machine itself has BGP by bird, from peers with accept', () => {
  const lab = (words: string) => `
bridges: { wire: { subnet: 10.0.12.0/24, address: 10.0.12.1 } }
namespaces: { r1: { interfaces: { eth0: { bridge: wire } }, routing: { bgp: { asn: 65001, peers: [host] } } } }
host: { routing: { ${words} } }
`;
  const bgp = 'bgp: { asn: 65000, peers: [{ to: r1, accept: [10.9.0.0/16] }] }';
  expect(messagesOf(lab(bgp))).toEqual([]);
  expect(messagesOf(lab('bgp: { asn: 65000, peers: [r1] }'))).toContain('a peer of the machine itself without accept');
  expect(messagesOf(lab(`engine: frr, ${bgp}`))).toContain('on the machine itself only bird runs');
  expect(messagesOf(lab(`${bgp}, ospf: { interfaces: wire }`))).toContain('the machine itself has no OSPF');
});
