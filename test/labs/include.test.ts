import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

test('racks.yaml is three files that are one lab; a saved plan is stale when one of them changes', () =>
  withMachine(async (m) => {
    await m.must('mkdir /run/racks && cp -r topologies/include/. /run/racks');
    const file = '/run/racks/racks.yaml';
    const before = await m.snapshot();
    await runNetform(m, ['plan', file, '--out', '/run/racks.plan']);
    const part = '/run/racks/parts/rack.yaml';
    await m.must(`cp ${part} /run/rack.yaml && sed -i s/11/13/ ${part}`);
    const stale = await m.sh('node bin/run.js apply /run/racks.plan --yes');
    expect(stale.code, stale.stderr).not.toBe(0);
    expect(stale.stderr).toContain('/run/racks/racks.yaml has changed');
    await m.must(`cp /run/rack.yaml ${part}`);

    await runNetform(m, ['apply', file]);
    for (const far of ['10.2.0.12', 'fd00:2::12', 'server-2b'])
      expect(await pings(m, 'server-1a', far), far).toBe(true);
    for (const none of ['10.3.0.11', 'fd00:3::11']) expect(await silent(m, 'server-1a', none), none).toBe(true);
    expect((await runNetform(m, ['apply', file])).stdout).toMatch(/nothing to do/i);
    await runNetform(m, ['destroy', file, '--yes']);
    expect(await m.snapshot()).toBe(before);
  }));
