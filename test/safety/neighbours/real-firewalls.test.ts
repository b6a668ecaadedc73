import { expect, test } from 'vitest';
import { runNetform } from '../../labs/run-netform.ts';
import type { Machine } from '../../support/machine.ts';
import { serving, tcp } from '../../support/traffic.ts';
import { doctor, expectFinding, expectRemedy } from '../doctor/doctor.ts';
import { missing, until, withPrograms } from './programs.ts';

const LAB = `
version: 1
name: lab
bridges: { lab0: { subnet: 10.55.0.0/24, address: 10.55.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lab0 } }, publish: ["80:80"] }
  client: { interfaces: { eth0: 203.0.113.9/24 } }
links: [host:up0 -- client:eth0]
host: { interfaces: { up0: 203.0.113.1/24 } }
nat: [{ masquerade: lab0 }]
`;
const apply = (m: Machine) => runNetform(m, ['apply', '-', '--yes'], { input: LAB });
const destroy = (m: Machine) => runNetform(m, ['destroy', 'lab', '--yes']);
/** A connection: ufw lets pings through. */
const crosses = (m: Machine, patienceMs = 8000) =>
  serving(m, { netns: 'client', port: 7 }, async () =>
    (await tcp(m, 'red', { to: '203.0.113.9', port: 7, patienceMs })).startsWith('client'),
  );

/** What the package does when it is installed, and forwarding with NAT, as ufw-framework(8) has it. */
const UFW = `set -e
  cp /usr/share/ufw/*.init /usr/share/ufw/ufw.conf /usr/share/ufw/iptables/*.rules /etc/ufw`;
const UFW_NAT = `set -e
  ufw disable; echo net/ipv4/ip_forward=1 >>/etc/ufw/sysctl.conf
  cat >>/etc/ufw/before.rules <<-'.'
	*nat
	:PREROUTING ACCEPT [0:0]
	:POSTROUTING ACCEPT [0:0]
	-A PREROUTING -p tcp --dport 80 -j DNAT --to 10.9.9.2:80
	-A POSTROUTING -s 10.9.9.0/24 -j MASQUERADE
	COMMIT
	.
  ufw --force enable`;

const noUfw = missing('sbin/ufw');
test.skipIf(noUfw !== null)(`ufw, first and second (D1, D2, D3, D4, D9, ${noUfw ?? 'real'})`, () =>
  withPrograms(async (m) => {
    await m.must(`${UFW}; ufw --force enable`);
    const before = await m.must('iptables-nft -S FORWARD; ip6tables-nft -S FORWARD');
    expect((await apply(m)).stderr).toContain('table ip filter, chain FORWARD drops packets');
    await expectLetThrough(m, 'chain FORWARD');
    await m.must('ufw reload; ufw allow 1234/tcp; ufw delete allow 1234/tcp');
    expect(await doctor(m)).toEqual([]);
    expect(await crosses(m)).toBe(true);
    await removeLeftRules(m, await destroy(m));
    expect(await m.must('iptables-nft -S FORWARD; ip6tables-nft -S FORWARD')).toBe(before);

    await m.must('ufw disable');
    await apply(m);
    await m.must(UFW_NAT);
    expect((await expectFinding(m, 'port-conflict')).where).toContain('table ip nat, chain PREROUTING: tcp dport 80');
    await expectLetThrough(m, 'chain FORWARD');
    await m.must('ip -n red link set eth0 down');
    expect((await apply(m)).stderr).toContain('warning: port 80/tcp is forwarded by another program');
    expect((await destroy(m)).stderr).toContain('net.ipv4.ip_forward stays 1, because NAT (table ip nat');
    const { stderr } = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
    expect(stderr).toContain('port 80/tcp is forwarded by another program: table ip nat, chain PREROUTING');
  }),
);

const FIREWALLD = `firewalld --nofork --nopid >/run/firewalld.log 2>&1 & echo $! >/run/firewalld.pid
  ${until('nft list chain inet firewalld filter_FWD_public_allow', '/run/firewalld.log')}`;
const STOP = 'kill $(cat /run/firewalld.pid); while kill -0 $(cat /run/firewalld.pid) 2>/dev/null; do sleep 0.1; done';
const RELOAD = `nft add table inet firewalld '{ flags dormant; }' 2>/dev/null; nft add chain inet firewalld is_old
  kill -HUP $(cat /run/firewalld.pid); ${until('! nft list chain inet firewalld is_old && nft list chain inet firewalld filter_FWD_public_allow', '/run/firewalld.log')}`;

const noFirewalld = missing('sbin/firewalld');
test.skipIf(noFirewalld !== null)(`firewalld, first and second (D1, D2, D3, D4, D9, ${noFirewalld ?? 'real'})`, () =>
  withPrograms(async (m) => {
    await m.must(`mkdir -p /run/dbus && dbus-daemon --system --fork; ${FIREWALLD}`);
    expect((await apply(m)).stderr).toContain('table inet firewalld, chain filter_FWD_public drops packets');
    await expectLetThrough(m, 'table inet firewalld');
    // It writes its table again, without what others have put into it.
    await m.must(RELOAD);
    await expectLetThrough(m, 'table inet firewalld');
    const left = await m.must('nft list chain inet firewalld filter_FORWARD');
    await removeLeftRules(m, await destroy(m));
    expect(left).toContain('lab0');
    expect(await m.must('nft list chain inet firewalld filter_FORWARD')).not.toContain('lab0');

    // One that lets through what was translated elsewhere is none that translates.
    await m.must(STOP);
    await apply(m);
    await m.must(FIREWALLD);
    expect((await destroy(m)).stderr).not.toContain('stays 1');

    await m.must(STOP);
    await apply(m);
    await m.must(`firewall-offline-cmd --zone=public --add-masquerade
        firewall-offline-cmd --zone=public --add-forward-port=port=80:proto=tcp:toport=80:toaddr=10.9.9.2; ${FIREWALLD}`);
    expect((await expectFinding(m, 'port-conflict')).where).toContain('chain nat_PRE_public_allow');
    await expectLetThrough(m, 'table inet firewalld');
    expect((await destroy(m)).stderr).toContain(
      'net.ipv4.ip_forward stays 1, because NAT (table inet firewalld, chain nat_',
    );
    const { stderr } = await runNetform(m, ['plan', '-'], { input: LAB, code: 3 });
    expect(stderr).toContain(
      'port 80/tcp is forwarded by another program: table inet firewalld, chain nat_PRE_public_allow',
    );
  }),
);

/** Expects that the doctor knows what drops the packets of the lab, and that they pass after what it says. */
async function expectLetThrough(m: Machine, where: string): Promise<void> {
  expect(await crosses(m, 500)).toBe(false);
  const finding = await expectFinding(m, 'forwarding-dropped');
  expect(finding.what).toContain(where);
  await expectRemedy(m, finding);
  expect(await crosses(m)).toBe(true);
}

const removeLeftRules = (m: Machine, { stderr }: { readonly stderr: string }): Promise<string> =>
  m.must(/links that are gone; to remove them: (.*)\n/.exec(stderr)?.[1] ?? 'false');
