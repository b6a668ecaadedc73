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

/** A router with a cable to each namespace; every second one has no way back, every third a next hop that is not there. */
function starLab(count: number): string {
  const leaves = Array.from({ length: count }, (_, n) => {
    const subnet = `10.${n >> 8}.${n & 255}`;
    const via = n % 3 === 0 ? `${subnet}.77` : `${subnet}.1`;
    const routes = n % 2 === 0 ? `, routes: [{ to: default, via: ${via} }]` : '';
    return { hub: `e${n}: ${subnet}.1/24`, leaf: `  n${n}: { interfaces: { eth0: ${subnet}.2/24 }${routes} }` };
  });
  const hub = `  hub: { forwarding: true, interfaces: { ${leaves.map(({ hub }) => hub).join(', ')} } }`;
  const links = leaves.map((_, n) => `  - n${n}:eth0 -- hub:e${n}`);
  return ['version: 1', 'name: star', 'namespaces:', hub, ...leaves.map(({ leaf }) => leaf), 'links:', ...links].join(
    '\n',
  );
}

it('follows packets through a lab with calls in proportion to its size', async () => {
  const checking = (count: number) => {
    const { topology } = loadTopology(starLab(count), { file: 'star.yaml', vars: {}, varFile: null });
    if (!topology) throw new Error('the lab cannot be read');
    const lab = elaborateTopology(topology, {});
    const names = () => new Set(checkLab(topology, lab).map(({ check }) => check));
    return () => expect(names()).toEqual(new Set(['next-hop-without-owner', 'no-return-route']));
  };
  expect(await growthOfCalls(checking, { few: 60, many: 480 })).toBeLessThan(1.3);
});
