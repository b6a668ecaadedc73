import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { pings, serving, silent, tcp } from '../support/traffic.ts';
import { liveExample } from './live-example.ts';
import { runNetform } from './run-netform.ts';

const FLANNEL = 'topologies/pod-networks/flannel.yaml';

test('flannel: each node has a subnet out of one pool, and packets between nodes are wrapped', () =>
  liveExample({
    file: FLANNEL,
    families: [4, 6],
    proof: async (m, family) => {
      const [pod, gone, node] =
        family === 4
          ? ['10.244.1.2', '10.244.1.9', '10.244.1.1']
          : ['fd00:244:0:1::2', 'fd00:244:0:1::9', 'fd00:244:0:1::1'];
      expect(await pings(m, 'pod-1', pod)).toBe(true);
      expect(await pings(m, 'pod-1', node)).toBe(true);
      expect(await silent(m, 'pod-1', gone)).toBe(true);
      await serving(m, { netns: 'pod-2', port: 80 }, async () => {
        expect(await tcp(m, 'pod-1', { to: pod, port: 80 })).toMatch(/^pod-2 /);
      });
    },
  }));

test('weave: one network, of which each node gives out a range', () =>
  liveExample({
    file: 'topologies/pod-networks/weave.yaml',
    families: [4, 6],
    proof: async (m, family) => {
      const [pod, gone] = family === 4 ? ['10.40.0.2', '10.40.0.9'] : ['fd00:32::8000:0:0:2', 'fd00:32::8000:0:0:9'];
      expect(await pings(m, 'pod-1', pod)).toBe(true);
      expect(await silent(m, 'pod-1', gone)).toBe(true);
      const word = family === 4 ? '-4' : '-6';
      expect(await m.must(`ip -n pod-1 ${word} neighbour show ${pod}`)).toContain('lladdr');
    },
  }));

/** Nodes with a pod each, in this order under `among`. */
const nodes = (...names: readonly string[]): string => `version: 1
name: nodes
subnets: { pods: { cidr: 10.32.0.0/12, split: { prefix: 24, among: [${names.join(', ')}] } } }
bridges: { wan: { subnet: 192.0.2.0/24, gateway: none } }
namespaces:
${names
  .map(
    (name) => `  ${name}:
    forwarding: true
    bridges: { cni0: { subnet: pods, address: first } }
    interfaces: { eth0: { bridge: wan } }
    routes: [${names.flatMap((other) => (other === name ? [] : [`{ to: pods@${other}, via: ${other} }`])).join(', ')}]
  pod-${name}: { interfaces: { eth0: { bridge: "${name}:cni0" } } }
`,
  )
  .join('')}`;

const shareOf = async (m: Machine, node: string): Promise<string> =>
  JSON.parse(await m.must(`ip -j -n ${node} -4 address show cni0`))[0].addr_info[0].local;

test('who has a share keeps it, and who is new takes the next free one', () =>
  withMachine(async (m) => {
    const apply = async (...names: readonly string[]) => {
      await runNetform(m, ['apply', '-', '--yes'], { input: nodes(...names) });
      return Promise.all(names.map((name) => shareOf(m, name)));
    };
    expect(await apply('a', 'b', 'c')).toEqual(['10.32.0.1', '10.32.1.1', '10.32.2.1']);
    expect(await apply('c', 'a', 'd')).toEqual(['10.32.2.1', '10.32.0.1', '10.32.1.1']);
    expect(await pings(m, 'pod-d', 'pod-c')).toBe(true);
    expect(await pings(m, 'pod-a', 'pod-d')).toBe(true);
    expect(await silent(m, 'pod-a', '10.32.3.2')).toBe(true);
    expect((await runNetform(m, ['plan', '-'], { input: nodes('c', 'a', 'd') })).stdout).toContain('Nothing to do.');
    await runNetform(m, ['destroy', 'nodes', '--yes']);
  }));

test('the pool of an example may be a smaller one, until a node has no share', () =>
  withMachine(async (m) => {
    const text = readFileSync(`${repository}${FLANNEL}`, 'utf8');
    const planned = await runNetform(m, ['plan', '-'], {
      input: text.replace('10.244.0.0/16', '10.244.0.0/24'),
      code: 3,
    });
    expect(planned.stderr).toContain('10.244.0.0/24 has no shares of the length 24');
  }));
