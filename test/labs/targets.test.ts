import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { tcp, udp } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';
import { expectSpread, servingAll } from './spread.ts';

const lab = (to: string): string => `version: 1
name: targets
bridges: { lan: { subnet: [10.10.0.0/24, "fd10::/64"], address: [10.10.0.1, "fd10::1"] } }
namespaces:
  web-1: { interfaces: { eth0: { bridge: lan, address: [10.10.0.2, "fd10::2"] } } }
  web-2: { interfaces: { eth0: { bridge: lan, address: [10.10.0.3, "fd10::3"] } } }
  client: { interfaces: { eth0: [203.0.113.9/24, "fd20::9/64"] } }
links: ["host:to-client -- client:eth0"]
host: { interfaces: { to-client: [203.0.113.1/24, "fd20::1/64"] } }
portForwards: [{ listen: 80/tcp+udp, to: ${to} }]
`;

const NAMES = ['web-1', 'web-2'];
const WEIGHTED = '["web-1:8080", { to: "web-2:8080", weight: 3 }]';

test('a forward spreads connections by weight, is seen when altered, and follows its targets', async () => {
  await withMachine(async (m) => {
    await runNetform(m, ['apply', '-'], { input: lab(WEIGHTED) });
    await servingAll(m, { names: NAMES, port: 8080 }, async () => {
      const weights = { 'web-1': 1, 'web-2': 3 };
      await expectSpread(m, { to: '203.0.113.1', port: 80, connections: 2000, weights });
      await expectSpread(m, { to: 'fd20::1', port: 80, connections: 500, weights });
      expect(await udp(m, 'client', { to: '203.0.113.1', port: 80 })).toMatch(/^web-\d 203\.0\.113\.9$/);
      for (const from of ['host', 'web-1', 'web-2'])
        expect(await tcp(m, from, { to: '203.0.113.1', port: 80 }), from).toMatch(/^web-\d /);
      expect(await tcp(m, 'host', { to: '127.0.0.1', port: 80 })).toMatch(/^web-\d /);
      expect(
        await tcp(m, 'client', { to: '203.0.113.1', port: 8080, patienceMs: 1000 }),
        'a port of the targets alone',
      ).toBe('');

      await m.must('nft flush chain inet netform_targets forwards');
      expect(await tcp(m, 'client', { to: '203.0.113.1', port: 80, patienceMs: 1000 }), 'altered by hand').toBe('');
      const altered = await runNetform(m, ['plan', '-', '--exit-code'], { input: lab(WEIGHTED), code: 10 });
      expect(altered.stdout).toContain('was removed by hand');

      const one = await runNetform(m, ['apply', '-'], { input: lab('"web-2:8080"') });
      expect(one.stdout).toContain(
        'to web-1 10.10.0.2:8080 weight 1, web-2 10.10.0.3:8080 weight 3 → web-2 10.10.0.3:8080',
      );
      await expectSpread(m, { to: '203.0.113.1', port: 80, connections: 20, weights: { 'web-2': 1 } });
      await expectSpread(m, { to: 'fd20::1', port: 80, connections: 20, weights: { 'web-2': 1 } });
    });
    await runNetform(m, ['destroy', 'targets', '--yes']);
    expect((await m.sh('nft list ruleset')).stdout).not.toContain('netform_targets');
  });
});
