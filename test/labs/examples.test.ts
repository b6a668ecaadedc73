import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repository } from '../support/machine.ts';
import type { Family } from './address.ts';
import { liveExample } from './live-example.ts';
import { proofs } from './proofs.ts';

const folders: Readonly<Record<string, readonly Family[]>> = { '': [4], 'dual-stack/': [4, 6], 'ipv6/': [6] };

for (const [folder, families] of Object.entries(folders)) {
  const names = readdirSync(`${repository}topologies/${folder}`).filter((name) => name.endsWith('.yaml'));

  test(`every file of topologies/${folder} has a proof, and every proof a file`, () => {
    expect(names.sort()).toEqual(Object.keys(proofs).sort());
  });

  describe.concurrent(`topologies/${folder}`, () => {
    test.each(names)('%s is applied, carries traffic, and goes without a trace', async (name) => {
      const proof = proofs[name];
      if (proof !== undefined) await liveExample({ file: `topologies/${folder}${name}`, proof, families });
    });
  });
}
