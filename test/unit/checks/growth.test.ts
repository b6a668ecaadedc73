import { expect, it } from 'vitest';
import { checkLab } from '../../../src/registry/checks.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { growthOfCalls } from '../../support/count-calls.ts';

/** A lab with a written address and a forward everywhere. */
function largeLab(count: number, address: (n: number) => string): string {
  const namespaces = Array.from(
    { length: count },
    (_, n) =>
      `  n${n}: { interfaces: { eth0: { bridge: b${n % 5}, address: ${address(n)} } }, publish: ["${10_000 + n}:80"] }`,
  );
  const bridges = [0, 1, 2, 3, 4].map((n) => `  b${n}: { subnet: 10.${n}.0.0/16, address: 10.${n}.255.1 }`);
  return ['version: 1', 'name: large', 'bridges:', ...bridges, 'namespaces:', ...namespaces, ''].join('\n');
}

it.each([
  ['without mistakes', (n: number) => `10.${n % 5}.${Math.floor(n / 250)}.${(n % 250) + 1}`, 0],
  ['where every address is taken', (n: number) => `10.${n % 5}.0.1`, 5],
])('checks a lab %s with calls in proportion to its size', async (_what, address, first) => {
  const checking = (count: number) => {
    const { topology } = loadTopology(largeLab(count, address), { file: 'large.yaml', vars: {}, varFile: null });
    if (!topology) throw new Error('the lab cannot be read');
    const lab = elaborateTopology(topology, {});
    return () => expect(checkLab(topology, lab).length).toBe(first === 0 ? 0 : count - first);
  };
  expect(await growthOfCalls(checking, { few: 50, many: 400 })).toBeLessThan(1.3);
});
