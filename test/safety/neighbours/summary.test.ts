import { describe, expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { withMachine } from '../../support/machine.ts';
import { doctor, expectFinding, expectRemedy } from '../doctor/doctor.ts';

const masquerade = 'topologies/masquerade.yaml';

describe.concurrent('what doctor says of a lab', () => {
  test('H5: the last line says whether the labs are as applied', async () => {
    await withMachine(async (m) => {
      await m.must('echo nameserver 192.0.2.53 >/etc/resolv.conf');
      await runNetform(m, ['apply', masquerade]);
      const clean = await runNetform(m, ['doctor']);
      expect(clean.stdout).toContain(
        'No problem found on this machine, and masquerade is as applied.\nReachability is not tested.\n',
      );
      await m.must('ip -n red route del default');
      const drifted = await runNetform(m, ['doctor', 'masquerade']);
      expect(drifted.stdout).toMatch(
        /No problem found on this machine\.\n1 of the \d+ resources of masquerade is not as applied: netform show masquerade\n/,
      );
    });
  });

  test('H8, F35: a resolver on the loopback of the machine is a warning and a finding', async () => {
    await withMachine(async (m) => {
      await m.must('echo nameserver 127.0.0.53 >/etc/resolv.conf');
      const { stderr } = await runNetform(m, ['apply', masquerade]);
      expect(stderr).toContain('red and blue ask the nameserver 127.0.0.53, which only answers this machine itself');
      expect(stderr).toContain('dns: { nameservers: [9.9.9.9] }');
      const finding = await expectFinding(m, 'nameserver-loopback');
      expect(finding.where).toContain('dns: { nameservers: [9.9.9.9] }');
      await expectRemedy(m, finding);
      expect(await m.must('ip netns exec red cat /etc/resolv.conf')).toBe('nameserver 9.9.9.9\n');
      expect(await doctor(m)).toEqual([]);
    });
  });
});
