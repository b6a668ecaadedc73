import { expect, test } from 'vitest';
import { noSystemd, withSystemd } from '../support/systemd.ts';

test.skipIf(noSystemd !== null)(
  `a machine boots systemd, and boots again without its network (${noSystemd ?? 'real'})`,
  () =>
    withSystemd(async (m) => {
      const boot = () => m.must('cat /proc/sys/kernel/random/boot_id');
      const former = await boot();
      await m.must(`cat >/etc/systemd/system/hello.service <<'END'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=ip link add hello type bridge
[Install]
WantedBy=multi-user.target
END
systemctl enable --quiet hello.service; touch /run/gone /tmp/gone; ip link add gone type bridge`);
      await m.reboot();
      expect(await boot()).not.toBe(former);
      expect(await m.must('cat /proc/1/comm; systemctl is-active hello.service')).toBe('systemd\nactive\n');
      expect((await m.sh('ip link show hello')).code).toBe(0);
      expect((await m.sh('ip link show gone; ls /run/gone /tmp/gone')).stdout).toBe('');
      expect(await m.must('journalctl --sync; journalctl --unit=hello --output=cat')).toContain('Finished');
    }),
);
