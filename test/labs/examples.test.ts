import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { repository, withMachine } from '../support/machine.ts';
import { stableText } from '../support/snapshot/stable-text.ts';
import type { Family } from './address.ts';
import { createForeignObjects } from './foreign-objects.ts';
import { type Proof, proofs } from './proofs.ts';
import { runNetform } from './run-netform.ts';

const folders: Readonly<Record<string, readonly Family[]>> = { '': [4], 'dual-stack/': [4, 6], 'ipv6/': [6] };

for (const [folder, families] of Object.entries(folders)) {
  const names = readdirSync(`${repository}topologies/${folder}`).filter((name) => name.endsWith('.yaml'));

  test(`every file of topologies/${folder} has a proof, and every proof a file`, () => {
    expect(names.sort()).toEqual(Object.keys(proofs).sort());
  });

  describe.concurrent(`topologies/${folder}`, () => {
    test.each(names)('%s is applied, carries traffic, and goes without a trace', async (name) => {
      const proof = proofs[name];
      if (proof !== undefined) await live({ file: `topologies/${folder}${name}`, proof, families });
    });
  });
}

type Example = { readonly file: string; readonly proof: Proof; readonly families: readonly Family[] };

async function live({ file, proof, families }: Example): Promise<void> {
  const run = await withMachine(async (m) => {
    await createForeignObjects(m);
    const before = await m.snapshot();
    const planned = await runNetform(m, ['plan', file, '--commands=all', '--exit-code'], { code: 10 });
    expect(planned.stderr, 'an example gives no warnings').not.toMatch(/warning/i);
    expect(await m.snapshot(), 'plan writes nothing').toBe(before);

    await runNetform(m, ['apply', file]);
    const applied = await m.snapshot();
    for (const family of families) await proof(m, family);
    expect((await runNetform(m, ['apply', file])).stdout).toMatch(/nothing to do/i);
    expect(stableText(await m.snapshot()), 'traffic and a second apply change nothing').toBe(stableText(applied));

    await runNetform(m, ['destroy', file, '--yes']);
    expect(await m.snapshot(), 'as before').toBe(before);
    return { commands: planned.stdout, applied };
  });
  await withMachine(async (m) => {
    await createForeignObjects(m);
    const ended = await m.sh(run.commands);
    expect(ended, run.commands).toMatchObject({ code: 0 });
    expect(await m.snapshot(), 'the commands that plan shows do what apply does').toBe(run.applied);
  });
}
