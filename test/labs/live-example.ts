import { expect } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { stableText } from '../support/snapshot/stable-text.ts';
import type { Family } from './address.ts';
import { createForeignObjects } from './foreign-objects.ts';
import type { Proof } from './proofs.ts';
import { runNetform } from './run-netform.ts';

/** A file, what it promises, and the families in which it does. */
type Example = { readonly file: string; readonly proof: Proof; readonly families: readonly Family[] };

/** Applies an example, sends its traffic, takes it away, and does the same by the commands that its plan shows. */
export async function liveExample({ file, proof, families }: Example): Promise<void> {
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
