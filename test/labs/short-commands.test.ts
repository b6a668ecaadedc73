import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { createForeignObjects } from './foreign-objects.ts';
import { proofs } from './proofs.ts';
import { runNetform } from './run-netform.ts';

test.concurrent.each([
  ['dual-stack/docker-bridge.yaml', [4, 6]],
  ['two-nodes.yaml', [4]],
  ['vxlan.yaml', [4]],
] as const)('M17: the commands of %s, typed into a fresh machine, carry its traffic', async (name, families) =>
  withMachine(async (m) => {
    const { stdout } = await runNetform(m, ['plan', `topologies/${name}`, '--commands']);
    expect(stdout).not.toMatch(/netform|numtxqueues|group|proto 78|02:4e:46/);
    await createForeignObjects(m);
    expect(await m.sh(stdout), stdout).toMatchObject({ code: 0 });
    const proof = proofs[name.slice(name.indexOf('/') + 1)];
    for (const family of families) await proof?.(m, family);
  }),
);
