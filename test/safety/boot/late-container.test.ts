import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import { noSystemd, withSystemd } from '../../support/systemd.ts';
import { missing } from '../neighbours/programs.ts';

const FOLDER = process.env['NETFORM_TEST_PROGRAMS'] ?? '';

const LAB = `version: 1
name: shop
bridges: { lan: { subnet: [10.0.0.0/24, "fd00:a::/64"], address: [10.0.0.1, "fd00:a::1"] } }
namespaces:
  db: { container: "podman:db", interfaces: { eth7: { bridge: lan, address: [10.0.0.10, "fd00:a::10"] } } }
  web: { interfaces: { eth0: { bridge: lan } } }
`;

/** What a package manager and a compose file are elsewhere: podman is there at boot, its container some seconds later. */
const FILES: { readonly [path: string]: string } = {
  '/srv/shop.yaml': LAB,
  '/etc/containers/storage.conf': '[storage]\ndriver = "vfs"\ngraphroot = "/run/pod"\nrunroot = "/run/podrun"\n',
  '/etc/containers/containers.conf':
    '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "crun"\n[containers]\ncgroups = "disabled"\n',
  '/etc/systemd/system/programs.service': `[Unit]
Before=netform@shop.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr
[Install]
WantedBy=multi-user.target
`,
  '/etc/systemd/system/late.service': `[Unit]
After=programs.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /srv/late.sh
[Install]
WantedBy=multi-user.target
`,
  '/srv/late.sh': `set -e
sleep 3
mkdir -p /run/box/bin; cp /usr/bin/busybox /run/box/bin; ln -sf busybox /run/box/bin/sleep
tar -C /run/box -cf /run/box.tar .
podman import -q /run/box.tar lab/box
podman rm -f -t 0 db 2>/dev/null || true
podman run -d --name db --network none lab/box sleep 1000
`,
};

const why = noSystemd ?? missing('bin/podman');
test.skipIf(why !== null)(`a lab whose container comes late waits for it at boot (${why ?? 'real'})`, () =>
  withSystemd(async (m) => {
    for (const [path, input] of Object.entries(FILES))
      await m.must(`mkdir -p $(dirname ${path}) && cat >${path}`, { input });
    await m.must(`cp -an ${FOLDER}/etc/. /etc; systemctl daemon-reload; systemctl --quiet enable --now programs late`);
    await runNetform(m, ['enable', '/srv/shop.yaml', '--now', '--yes']);
    const answers = async () =>
      (await m.sh('ip netns exec web ping -c1 -W2 db && ip netns exec web ping -6 -c1 -W2 fd00:a::10')).code === 0;
    expect(await answers()).toBe(true);

    await m.reboot();
    expect(await m.must('systemctl is-active netform@shop late')).toBe('active\nactive\n');
    expect(await answers()).toBe(true);
    const began = (unit: string, what: string) =>
      m.must(`systemctl show --property=${what}TimestampMonotonic --value ${unit}`).then(Number);
    expect(await began('netform@shop', 'ExecMainStart')).toBeLessThan(await began('late', 'ActiveEnter'));
    expect((await runNetform(m, ['show', 'shop'])).stdout).toMatch(/ 0 changed, 0 missing/);

    // It does not come at all: what the lab has stays, and nothing is changed.
    await m.must('systemctl stop late; podman rm -f -t 0 db');
    const left = await m.must('ip netns list; ip -br link show type bridge');
    const late = await runNetform(m, ['boot', 'shop', '--wait', '2s'], { code: 3 });
    expect(late.stderr).toMatch(/shop.*podman:db.*NF\d{4}/s);
    expect(await m.must('ip netns list; ip -br link show type bridge')).toBe(left);
    await m.must('systemctl start --no-block late');
    expect((await runNetform(m, ['boot', 'shop'])).stdout).toContain('shop: applied its file');
    expect(await answers()).toBe(true);
    await runNetform(m, ['destroy', 'shop', '--yes']);
    expect((await m.sh('podman exec db sleep 0')).code, 'the container stays').toBe(0);
    await runNetform(m, ['disable', 'shop']);
  }),
);
