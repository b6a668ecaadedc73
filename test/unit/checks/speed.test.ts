import { expect, it } from 'vitest';
import { checkLab } from '../../../src/checks/index.ts';
import { elaborate } from '../../../src/lab/elaborate.ts';
import { loadTopology } from '../../../src/source/load.ts';

const NAMESPACES = 1_500;

/** A lab near the limit of keys, with a written address and a route everywhere, and the same mistake in all. */
function largeLab(address: (n: number) => string): string {
  const namespaces = Array.from(
    { length: NAMESPACES },
    (_, n) =>
      `  n${n}: { interfaces: { eth0: { bridge: b${n % 5}, address: ${address(n)} } }, publish: ["${10_000 + n}:80"] }`,
  );
  const bridges = [0, 1, 2, 3, 4].map((n) => `  b${n}: { subnet: 10.${n}.0.0/16, address: 10.${n}.255.1 }`);
  return ['version: 1', 'name: large', 'bridges:', ...bridges, 'namespaces:', ...namespaces, ''].join('\n');
}

it.each([
  ['without mistakes', (n: number) => `10.${n % 5}.${Math.floor(n / 250)}.${(n % 250) + 1}`, 0],
  ['where every address is taken', (n: number) => `10.${n % 5}.0.1`, NAMESPACES - 5],
])('checks a large lab %s in time that grows with its size', (_what, address, mistakes) => {
  const { topology } = loadTopology(largeLab(address), { file: 'large.yaml', vars: {}, varFile: null });
  if (!topology) throw new Error('the lab cannot be read');
  const lab = elaborate(topology, {});
  const start = performance.now();
  const found = checkLab(topology, lab);
  const ms = performance.now() - start;
  expect(found.length).toBe(mistakes);
  expect(ms).toBeLessThan(2_000);
});
