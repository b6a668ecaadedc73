import { expect, test } from 'vitest';
import { elaborate } from '../../../src/lab/elaborate.ts';
import type { Topology } from '../../../src/model/topology.ts';
import { loadTopology } from '../../../src/source/load.ts';

const PER_BRIDGE = 500;

function large(namespaces: number): Topology {
  const bridges = Math.ceil(namespaces / PER_BRIDGE);
  const lans = Array.from(
    { length: bridges },
    (_, i) => `  sw${i}: { subnet: [10.${i}.0.0/16, "fd${10 + i}::/64"], address: 10.${i}.0.1 }`,
  );
  const text = `version: 1\nname: large\nbridges:\n${lans.join('\n')}\nnamespaces: { seed: { interfaces: { eth0: { bridge: sw0 } } } }\nhost: { forwarding: true }\n`;
  const { topology } = loadTopology(text, { file: 'large.yaml', vars: {}, varFile: null });
  const seed = topology?.namespaces[0];
  const entry = seed?.interfaces[0];
  if (!topology || !seed || !entry) throw new Error('the seed is gone');
  const many = Array.from({ length: namespaces }, (_, i) => {
    const name = `n${i}`;
    const bridge = {
      value: { name: `sw${i % bridges}`, part: null },
      at: ['namespaces', name, 'interfaces', 'eth0', 'bridge'],
    };
    return {
      ...seed,
      name,
      at: ['namespaces', name],
      interfaces: [{ ...entry, at: ['namespaces', name, 'interfaces', 'eth0'], bridge }],
    };
  });
  return { ...topology, namespaces: many };
}

test('five thousand namespaces take well under two seconds, and twice as many about twice as long', () => {
  const msOf = (topology: Topology): number => {
    const start = performance.now();
    const lab = elaborate(topology, {});
    expect(lab.problems).toEqual([]);
    expect(lab.addresses).toHaveLength(topology.namespaces.length + lab.bridges.length);
    return performance.now() - start;
  };
  msOf(large(500));
  const [half, whole] = [msOf(large(2500)), msOf(large(5000))];
  if (process.env['SHOW_TIMES']) process.stdout.write(`2500: ${half.toFixed(0)} ms, 5000: ${whole.toFixed(0)} ms\n`);
  expect(whole).toBeLessThan(2000);
  expect(whole / half).toBeLessThan(4);
});
