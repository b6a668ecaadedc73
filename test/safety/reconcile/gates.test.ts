import { describe, expect, test } from 'vitest';
import { withMachine } from '../../support/machine.ts';
import { createRepository, pair } from './repository.ts';

describe.concurrent('reconcile', () => {
  test('rolls a commit back when a probe fails, waits longer each time, and heals the good one meanwhile', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      const probe =
        'confirm: 10s\nprobes: [{ in: blue-pair, run: [ping, -c1, -W1, 10.7.0.10] }]\nbackoff: { first: 100s, most: 1h }';
      await settings(probe);
      const good = await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced' }]);
      const applied = await m.snapshot();
      const bad = await commit({ 'labs/pair.yaml': pair('10.7.0.11') });
      const failed = await reconcile(75);
      expect(failed.labs).toMatchObject([
        {
          state: 'failed',
          reason: 'probe',
          commit: bad,
          good: { commit: good },
          failures: { kind: 'probe', tries: 1 },
        },
      ]);
      expect(failed.labs[0]?.problem).toMatch(/^the probe ping in blue-pair .*; it was rolled back$/);
      expect(await m.snapshot()).toBe(applied);
      await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
      expect((await reconcile(75)).labs).toMatchObject([{ state: 'failed', commit: bad, failures: { tries: 1 } }]);
      expect(await m.snapshot()).toBe(applied);
      await settings(probe.replace('10.7.0.10]', '10.7.0.11]'));
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced', commit: bad, failures: null }]);
    }));

  test('deletes no more than it may without a yes, and nothing for an emptied repository', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile, status } = await createRepository(m);
      await settings('confirm: 0\ndeletes: { most: 3 }');
      await commit({
        'labs/pair.yaml': pair('10.7.0.10'),
        'labs/other.yaml': pair('10.7.0.10', { name: 'other' }).replaceAll('10.7.', '10.8.'),
      });
      expect((await reconcile(0)).labs).toHaveLength(2);
      const both = await m.snapshot();
      await commit({ 'labs/other.yaml': null });
      expect((await reconcile(10)).labs).toMatchObject([
        { lab: 'other', state: 'held', reason: 'deletes' },
        { lab: 'pair', state: 'synced' },
      ]);
      expect(await m.snapshot()).toBe(both);
      expect((await m.netform(['reconcile', 'approve', 'lab', 'pair'])).code).toBe(2);
      expect((await m.netform(['reconcile', 'approve', 'lab'])).stdout).toMatch(
        /^Approved: other [0-9a-f]{12}, deletes\./,
      );
      expect((await reconcile(0)).labs).toMatchObject([{ lab: 'pair' }]);
      expect(
        (await m.must('ip netns list'))
          .split('\n')
          .filter(Boolean)
          .toSorted()
          .map((line) => line.split(' ')[0]),
      ).toEqual(['blue-pair', 'red-pair']);
      const one = await m.snapshot();
      await commit({ 'labs/pair.yaml': null });
      expect(await reconcile(3)).toMatchObject({
        state: 'refused',
        refused: { reason: 'emptied' },
        labs: [{ state: 'synced' }],
      });
      await commit({ 'labs/pair.yaml': 'version: 1\nname: pair\n' });
      expect((await reconcile(3)).labs).toMatchObject([{ state: 'refused', reason: 'emptied' }]);
      expect(await m.snapshot()).toBe(one);
      await settings('confirm: 0\ndeletes: { most: 3, empty: hold }');
      expect((await reconcile(10)).labs).toMatchObject([{ state: 'held', reason: 'emptied' }]);
      expect((await status()).state).toBe('held');
      await m.must(`cd / && ${process.execPath} bin/run.js reconcile approve lab || exit 1`.replace('cd / && ', ''));
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced' }]);
      expect(await m.must('ip netns list')).toBe('');
    }));

  test('a lab leaves with its namespaces, and the probe inside them is not asked', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await settings(
        'confirm: 10s\nprobes: [{ in: red-pair, run: [ping, -c1, -W1, 10.7.0.1] }]\ndeletes: { most: 100 }',
      );
      const lan = (text: string) => text.replace('10.7.0.0/24', '{ subnet: 10.7.0.0/24, address: 10.7.0.1 }');
      const stays = pair('10.8.0.10', { name: 'stays' }).replaceAll('10.7.', '10.8.');
      await commit({ 'labs/pair.yaml': lan(pair('10.7.0.10')), 'labs/stays.yaml': stays });
      expect((await reconcile(0)).labs).toHaveLength(2);
      await commit({ 'labs/pair.yaml': null });
      const { code, stderr } = await m.netform(['reconcile', 'lab']);
      expect([code, stderr]).toEqual([
        0,
        'netform: the probe ping in red-pair is not asked: red-pair goes with the lab pair\n',
      ]);
      expect((await reconcile(0)).labs).toMatchObject([{ lab: 'stays', state: 'synced' }]);
      expect(await m.must('ip netns list')).not.toContain('pair');
      expect((await m.netform(['confirm', 'pair'])).code).not.toBe(0);
    }));

  test('a topology may do no more than the machine allows, and says what it lacks by name', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await settings('confirm: 0');
      const cases: readonly (readonly [string, string, string])[] = [
        ['run', 'the program red-pair/x', pair('10.7.0.10').replace('} } }', '} }, run: { x: sleep 1000 } }')],
        [
          'nic',
          'the NIC behind host:nic0',
          pair('10.7.0.10', { more: 'host: { interfaces: { nic0: { existing: true, address: 10.9.0.1/24 } } }\n' }),
        ],
        ['container', 'the container docker:db', pair('10.7.0.10', { more: '  db: { container: docker:db }\n' })],
        [
          'cni',
          'the network net',
          pair('10.7.0.10', { more: 'cni: { net: { cniVersion: 1.0.0, plugins: [{ type: loopback }] } }\n' }),
        ],
        [
          'config',
          'the configuration of the DNS server in red-pair',
          pair('10.7.0.10').replace('} } }', '} }, dnsServer: { engine: dnsmasq, config: { content: no-resolv } } }'),
        ],
      ];
      for (const [grant, what, text] of cases) {
        await commit({ 'labs/pair.yaml': text });
        const { labs } = await reconcile(3);
        expect(labs).toMatchObject([{ state: 'refused', reason: 'allow' }]);
        expect(labs[0]?.problem).toMatch(
          new RegExp(`^pair.yaml:\\d+:\\d+: ${what} needs allow: \\[${grant}\\] in the reconcile file$`),
        );
      }
      expect(await m.must('ip netns list')).toBe('');
      await commit({ 'labs/pair.yaml': cases[0]?.[2] ?? '' });
      await settings('confirm: 0\nallow: [run]');
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced' }]);
      expect((await m.sh('pgrep -f "[s]leep 1000"')).code).toBe(0);
      await m.netform(['destroy', 'pair', '--yes']);
    }));

  test('labs wait for those that come before them; one of another hand is held; suspended is never green', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile, status } = await createRepository(m);
      await settings(`confirm: 0\nafter: { pair: [zone] }\nvars: { last: 10, who: "\${host.name}" }`);
      const zone = pair('10.8.0.10', { name: 'zone' }).replaceAll('10.7.', '10.8.');
      await commit({
        'labs/pair.yaml': `vars: { last: 1 }\n${pair(`"10.7.0.\${last}"`)}`,
        'labs/zone.yaml': 'name: zone\nversion: 2\n',
      });
      expect((await reconcile(3)).labs.map(({ lab, state, reason }) => [lab, state, reason])).toEqual([
        ['pair', 'held', 'after'],
        ['zone', 'refused', 'invalid'],
      ]);
      await m.must('cat >/run/zone.yaml', { input: zone });
      expect((await m.netform(['apply', '/run/zone.yaml', '--yes'])).code).toBe(0);
      await commit({ 'labs/zone.yaml': zone });
      expect((await reconcile(10)).labs[1]).toMatchObject({ lab: 'zone', state: 'held', reason: 'adopt' });
      expect((await m.netform(['reconcile', 'approve', 'lab', 'zone'])).code).toBe(0);
      expect((await reconcile(0)).labs.map(({ state }) => state)).toEqual(['synced', 'synced']);
      expect(await m.must('ip -n red-pair -4 -o address show dev eth0')).toContain('10.7.0.10/24');
      expect((await m.netform(['reconcile', 'suspend', 'lab', '--why', 'maintenance'])).code).toBe(0);
      await m.must('ip netns delete red-pair');
      expect(await reconcile(10)).toMatchObject({ state: 'suspended', suspended: { why: 'maintenance' } });
      expect((await m.netform(['reconcile', 'status'])).stdout).toMatch(
        /^lab {3}suspended .*\n {2}(?:pair|zone) {3}suspended \(synced\)/,
      );
      expect((await m.netform(['reconcile', 'resume', 'lab'])).stdout).toBe('lab goes on.\n');
      expect((await reconcile(0)).labs).toContainEqual(expect.objectContaining({ lab: 'pair', state: 'healed' }));
      expect((await status()).state).toBe('synced');
    }));

  test('drift is only reported where the file says so, and what is ignored stays and is said', () =>
    withMachine(async (m) => {
      const { commit, settings, reconcile } = await createRepository(m);
      await settings('confirm: 0\nignore: [{ resource: "veth:red-pair/*", fields: [mtu] }]');
      await commit({ 'labs/pair.yaml': pair('10.7.0.10') });
      await reconcile(0);
      await m.must('ip -n red-pair link set eth0 mtu 1400');
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced', ignored: ['veth:red-pair/eth0: near.mtu'] }]);
      await m.must('ip -n red-pair address del 10.7.0.10/24 dev eth0');
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'healed', ignored: ['veth:red-pair/eth0: near.mtu'] }]);
      expect(await m.must('ip -n red-pair link show eth0; ip -n red-pair -4 address show eth0')).toMatch(
        /mtu 1400.*10\.7\.0\.10/s,
      );
      expect((await reconcile(0)).labs).toMatchObject([{ state: 'synced', ignored: ['veth:red-pair/eth0: near.mtu'] }]);
      await settings('confirm: 0\ndrift: report');
      expect((await reconcile(6)).labs).toMatchObject([{ state: 'drifted' }]);
      expect(await m.must('ip -n red-pair link show eth0')).toContain('mtu 1400');
    }));
});
