import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bird } from '../support/fetched-programs.ts';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const BGP = 'topologies/programs/three-as.yaml';
const OSPF = 'topologies/programs/ospf.yaml';

/** Waits until an echo comes back: routers need some seconds. */
const comesBack = (m: Machine, from: string, to: string): Promise<string> =>
  m.must(`until ip netns exec ${from} ping -n -c1 -W1 ${to} >/dev/null; do sleep 0.1; done`);

test.skipIf(bird.missing !== null)(
  `three autonomous systems learn of each other, filter, and go round a cut link, in both families (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      const before = await m.snapshot();
      await runNetform(m, ['apply', BGP]);
      for (const to of ['10.9.30.2', 'fd69:30::2', '10.9.20.1', 'fd69:20::1']) await comesBack(m, 'h1', to);
      // What r1 and r2 do not accept from r3 they do not know.
      expect(await silent(m, 'h1', '172.31.3.1')).toBe(true);
      expect(await m.must('ip -n r1 route')).not.toContain('172.31.3.0');
      // What was learned is neither drift nor unmanaged.
      expect(await m.must('ip -n r1 route show 10.9.30.0/24')).toContain('dev to3 proto bird');
      expect((await runNetform(m, ['plan', BGP])).stdout).toMatch(/Nothing to do\.$/m);
      expect((await runNetform(m, ['plan', BGP, '--prune'])).stdout).not.toContain('10.9.30.0');

      await m.must('ip -n r1 link set to3 down');
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to2"; do sleep 0.1; done');
      for (const to of ['10.9.30.2', 'fd69:30::2']) await comesBack(m, 'h1', to);
      await runNetform(m, ['apply', BGP]);
      await m.must('until ip -n r1 route show 10.9.30.0/24 | grep -q "dev to3"; do sleep 0.1; done');

      // Another configuration is taken over by the same process; the sessions that stay go on.
      const [pid, birdc] = [
        await m.must('pgrep -o bird'),
        'birdc -s /run/netform/labs/three-as/r1/routing/run/bird.ctl',
      ];
      const since = await m.must(`${birdc} show protocols peer1v4 | grep -o "up .*"`);
      const other = readFileSync(`${repository}${BGP}`, 'utf8').replace(
        '[10.9.10.0/24, "fd69:10::/64"]',
        '["fd69:10::/64"]',
      );
      expect((await runNetform(m, ['apply', '-'], { input: other })).stdout).toContain('read again');
      await m.must('until ! ip -n r3 route | grep -q 10.9.10.0/24; do sleep 0.1; done');
      expect(await silent(m, 'h1', '10.9.30.2')).toBe(true);
      await comesBack(m, 'h1', 'fd69:30::2');
      expect(await m.must('pgrep -o bird')).toBe(pid);
      expect(await m.must(`${birdc} show protocols peer1v4 | grep -o "up .*"`)).toBe(since);
      await runNetform(m, ['destroy', 'three-as', '--yes']);
      expect(await m.snapshot()).toBe(before);
      expect((await m.sh('pgrep bird')).code).toBe(1);
    }),
);

test.skipIf(bird.missing !== null)(
  `routers in a row find each other by OSPF, in both families (${bird.missing ?? 'real'})`,
  () =>
    withMachine(async (m) => {
      await bird.install(m);
      await runNetform(m, ['apply', OSPF]);
      for (const to of ['10.70.30.10', 'fd00:70:30::10']) await comesBack(m, 'h1', to);
      expect(await m.must('ip -n r1 route show 10.70.30.0/24')).toContain('proto bird');
      expect((await runNetform(m, ['plan', OSPF])).stdout).toMatch(/Nothing to do\.$/m);
      // What a daemon learned is no static route of a topology.
      const { stdout } = await runNetform(m, ['import', 'live', '--all']);
      expect(stdout).toContain('10.70.10.1');
      expect(stdout).not.toMatch(/to: "?(10\.70\.30\.0|fd00:70:30::)\//);
      await runNetform(m, ['destroy', 'ospf', '--yes']);
    }),
);
