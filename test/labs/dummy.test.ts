import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const topology = `version: 1
name: service
bridges: { lan: 10.1.0.0/24 }
namespaces:
  server:
    interfaces:
      eth0: { bridge: lan, address: 10.1.0.10 }
      service0: { dummy: {}, address: 10.99.0.1/32 }
  client:
    interfaces: { eth0: { bridge: lan } }
    routes: [{ to: 10.99.0.1, via: server }]
`;

test('a dummy has an address that others reach, or the plan says that this kernel has none', async (context) => {
  await withMachine(async (m) => {
    const probe = await m.sh('ip netns add probe && ip -n probe link add d0 type dummy; ip netns delete probe');
    if (/Unknown device type/.test(probe.stderr)) {
      const plan = await runNetform(m, ['plan', '-'], { input: topology, code: 3 });
      expect(plan.stderr).toContain('this kernel cannot make links of kind dummy [NF3005]');
      context.skip('this kernel has no links of kind dummy');
    }
    await runNetform(m, ['apply', '-', '--yes'], { input: topology });
    expect(await pings(m, 'client', '10.99.0.1')).toBe(true);
    await runNetform(m, ['destroy', 'service', '--yes']);
  });
});
