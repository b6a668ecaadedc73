import { expect, test } from 'vitest';
import { type Machine, withMachine } from '../support/machine.ts';
import { pings } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const LAB = `version: 1
name: pods
cni:
  mynet:
    file: none
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, bridge: mynet0, isGateway: true, ipMasq: true, ipam: { type: host-local, subnet: 10.22.0.0/24, routes: [{ dst: 0.0.0.0/0 }] } }
      - { type: portmap, capabilities: { portMappings: true } }
namespaces:
  pod1: { publish: ["8080:80"], interfaces: { eth0: { cni: mynet } } }
`;

const apply = (m: Machine, more: readonly string[] = [], code = 0, input = LAB) =>
  runNetform(m, ['apply', '-', '--yes', ...more], { input, code });
const kept = 'ls -R /var/lib/cni /var/lib/netform/.cni 2>/dev/null || true; iptables-save | grep CNI- || true';

test('an adopted namespace is given back as it was, and a forgotten attachment is found by recover, apply or gc', async () => {
  await withMachine(async (m) => {
    await m.must(
      'sysctl -qw net.ipv4.ip_forward=1; ip netns add pod1; ip -n pod1 link set lo up; ip -n pod1 link add mine type bridge',
    );
    const before = await m.snapshot();
    expect((await apply(m, [], 7)).stderr).toContain('namespace pod1 already exists');
    await apply(m, ['--adopt']);
    expect(await pings(m, 'pod1', '10.22.0.1')).toBe(true);
    await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(await m.snapshot()).toBe(before);
    expect(await m.must(kept)).toBe('');
    await m.must('ip netns del pod1');
    const empty = await m.snapshot();
    const forget = async () => {
      await apply(m);
      await runNetform(m, ['forget', 'pods', '--yes']);
    };
    await forget();
    const orphans = await runNetform(m, ['recover', '--orphans', '--yes']);
    expect(orphans.stdout).toContain('CNI interface eth0 in pod1   (lab pods)');
    expect(await m.must(kept), 'recover --orphans').toBe('');
    expect(await m.snapshot()).toBe(empty);
    await forget();
    await m.must('ip netns del pod1');
    expect((await runNetform(m, ['cni', 'gc'], { code: 10 })).stdout).toContain('pod1:eth0 on mynet');
    await runNetform(m, ['cni', 'gc', '--yes']);
    expect(await m.must(kept), 'cni gc').toBe('');
    await runNetform(m, ['recover', '--orphans', '--yes']);
    expect(await m.snapshot()).toBe(empty);
    await forget();
    await m.must('cat >/run/pods.yaml', { input: LAB });
    await runNetform(m, ['recover', '--orphans', '/run/pods.yaml', '--yes']);
    expect((await runNetform(m, ['plan', '/run/pods.yaml'])).stdout).toContain('Nothing to do.');
    await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(await m.must(kept), 'recover --orphans FILE').toBe('');
    expect(await m.snapshot()).toBe(empty);
    // portmap asks ip6tables for its DEL, which makes a table that is not there without it.
    const two = `${LAB}  pod2: { interfaces: { eth0: { cni: mynet } } }\n`;
    await apply(m, [], 0, two);
    const tables = await m.must('nft list tables');
    await apply(m, [], 0, two.replace('8080', '8081'));
    expect(await m.must('nft list tables'), 'one pod of two is attached again').toBe(tables);
    await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(await m.snapshot()).toBe(empty);
  });
});

test('what plugins left and others use is named, and stays', async () => {
  await withMachine(async (m) => {
    await apply(m);
    const theirs = (command: string) =>
      m.must(`export CNI_COMMAND=${command} CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/c1 CNI_IFNAME=eth0 CNI_PATH=/usr/lib/cni
        if [ ${command} = ADD ]; then ip netns add c1; fi
        echo '{ "cniVersion": "1.0.0", "name": "theirs", "type": "bridge", "bridge": "mynet0", "ipam": { "type": "host-local", "subnet": "10.22.0.0/24", "rangeStart": "10.22.0.100", "gateway": "10.22.0.1" } }' | /usr/lib/cni/bridge`);
    await theirs('ADD');
    await m.must('iptables -t nat -N MINE; iptables -t nat -A MINE -p tcp -j CNI-HOSTPORT-DNAT');
    const { stderr } = await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(stderr).toMatch(/the bridge mynet0, left by CNI plugins, stays: veth\w+ is a port of it/);
    expect(stderr).toContain('net.ipv4.ip_forward is 0 again');
    expect(stderr).toContain(
      'the chain CNI-HOSTPORT-DNAT of table ip nat, left by CNI plugins, stays: the chain MINE leads to it',
    );
    expect(stderr).not.toContain('CNI-DN-');
    expect(await pings(m, 'c1', '10.22.0.1'), 'the container of others').toBe(true);
    expect(await m.must('iptables -t nat -S MINE')).toContain('-j CNI-HOSTPORT-DNAT');
    // Nothing of others is in the way of the next lab, which leaves them alone.
    await apply(m);
    await theirs('DEL');
    const again = await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(again.stderr).not.toContain('CNI plugins');
  });
});

const TUNED = `version: 1
name: tuned
cni:
  flat:
    file: none
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, bridge: flat0, ipam: { type: host-local, subnet: 10.23.0.0/24 } }
      - { type: tuning, sysctl: { net.core.somaxconn: "1234", net.ipv4.conf.all.log_martians: "1" } }
      - { type: portmap, capabilities: { portMappings: true } }
  other:
    file: none
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, bridge: other0, ipam: { type: host-local, subnet: 10.24.0.0/24 } }
      - { type: tuning, sysctl: { net/core/somaxconn: "1234" } }
namespaces:
  pod1: { publish: ["8080:80"], interfaces: { eth0: { cni: flat, gateway: false } } }
`;
const UNTUNED = 'version: 1\nname: tuned\nnamespaces: { pod1: {} }\n';
const localnet = 'cat /proc/sys/net/ipv4/conf/eth9/route_localnet';
const somaxconn = 'ip netns exec pod1 cat /proc/sys/net/core/somaxconn';

test('settings that plugins change and do not give back are as before, unless something else needs them', async () => {
  await withMachine(async (m) => {
    await m.must(
      'ip link add eth9 type veth peer name eth9p; ip link set eth9p up; ip addr add 192.0.2.2/24 dev eth9; ip link set eth9 up; ip route add default via 192.0.2.1',
    );
    const before = await m.snapshot();
    await apply(m, [], 0, UNTUNED);
    const usual = await m.must(somaxconn);
    const untuned = await m.snapshot();
    await apply(m, [], 0, TUNED);
    expect([await m.must(localnet), await m.must(somaxconn)]).toStrictEqual(['1\n', '1234\n']);
    await apply(m, [], 0, UNTUNED);
    expect(await m.snapshot()).toBe(untuned);
    // Of two attachments, the first one's find is what comes back, after the last one.
    const two = TUNED.replace('gateway: false }', 'gateway: false }, eth1: { cni: other, gateway: false }');
    await apply(m, [], 0, TUNED);
    await apply(m, [], 0, two);
    await apply(
      m,
      [],
      0,
      two.replace('publish: ["8080:80"], ', '').replace('eth0: { cni: flat, gateway: false }, ', ''),
    );
    expect(await m.must(somaxconn), 'the other attachment wants it').toBe('1234\n');
    // What the lab sets itself is its own, whatever a plugin has set before.
    await apply(m, [], 0, UNTUNED.replace('{}', '{ sysctls: { net.core.somaxconn: 1234 } }'));
    expect(await m.must(somaxconn), 'moved from the plugin to the topology').toBe('1234\n');
    await apply(m, [], 0, UNTUNED);
    expect(await m.must(somaxconn)).toBe(usual);
    await apply(m, [], 0, TUNED);
    await m.must(`ip netns exec pod1 sysctl -qw net.core.somaxconn=77
      nft 'add table ip mine; add chain ip mine output { type nat hook output priority 0; }; add rule ip mine output ip daddr 127.0.0.1 tcp dport 9 dnat to 10.23.0.9:9'`);
    const { stderr } = await apply(m, [], 0, UNTUNED);
    expect(await m.must(somaxconn), 'set by another hand since').toBe('77\n');
    expect(await m.must(localnet)).toBe('1\n');
    expect(stderr).toContain(
      'the setting net.ipv4.conf.eth9.route_localnet, left by CNI plugins, stays: the table ip mine translates what the machine sends',
    );
    await m.must('nft delete table ip mine; sysctl -qw net.ipv4.conf.eth9.route_localnet=0');
    await runNetform(m, ['destroy', 'tuned', '--yes']);
    expect(await m.snapshot()).toBe(before);
  });
});

const SCRIPT = `#!/bin/sh
case $CNI_COMMAND in
  VERSION) echo '{ "cniVersion": "1.0.0", "supportedVersions": ["1.0.0"] }' ;;
  ADD)
    ip -n "\${CNI_NETNS##*/}" link add "$CNI_IFNAME" type veth peer name "peer-$CNI_IFNAME"
    if [ "\${CNI_NETNS##*/}" = pod1 ]; then sleep 1000 >/dev/null 2>&1 & fi
    echo '{ "cniVersion": "1.0.0", "interfaces": [] }' ;;
  DEL) ip -n "\${CNI_NETNS##*/}" link del "$CNI_IFNAME" 2>/dev/null; true ;;
esac
`;
const SCRIPTED = `version: 1
name: scripted
cni:
  script: { file: none, cniVersion: 1.0.0, plugins: [{ type: net-script.sh }] }
namespaces: { pod1: { interfaces: { eth0: { cni: script } } }, pod2: { interfaces: { eth0: { cni: script } } } }
`;

test('what a plugin has started in the background is named when its attachment goes, and goes on', async () => {
  await withMachine(async (m) => {
    await m.must('mkdir /run/plugins; cat >/run/plugins/net-script.sh; chmod 755 /run/plugins/net-script.sh', {
      input: SCRIPT,
    });
    await apply(m, ['--cni-path', '/run/plugins'], 0, SCRIPTED);
    const { stderr } = await runNetform(m, ['destroy', 'scripted', '--yes']);
    const [pid] = (await m.must("pgrep -x sleep | tr '\\n' ' '")).split(' ');
    expect(stderr).toContain(`process ${pid} (sleep), left by CNI plugins, stays: it runs in the background`);
    expect(stderr.match(/left by CNI plugins/g)).toHaveLength(1);
    expect(stderr).not.toContain('is 0 again');
    await m.must(`kill ${pid}`);
  });
});
