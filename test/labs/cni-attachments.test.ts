import { expect, test } from 'vitest';
import { type Machine, repository, withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

/** Two pods on a network of bridge and portmap, in both families; the first one publishes a port. */
const pods = (more = '') => `version: 1
name: pods
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        bridge: mynet0
        isGateway: true
        ipMasq: true
        hairpinMode: true
        ipam:
          type: host-local
          ranges: [[{ subnet: 10.22.0.0/24 }], [{ subnet: "fd00:22::/64" }]]
          routes: [{ dst: 0.0.0.0/0 }, { dst: "::/0" }]
      - { type: portmap, capabilities: { portMappings: true } }
namespaces:
  pod1: { publish: ["8080:80"], interfaces: { eth0: { cni: mynet } } }
  pod2: { interfaces: { eth0: { cni: mynet, args: { ips: [10.22.0.9, "fd00:22::9"] } } } }
${more}`;

const apply = (m: Machine, input: string, code = 0) => runNetform(m, ['apply', '-', '--yes'], { input, code });
const plan = async (m: Machine, input: string) => (await runNetform(m, ['plan', '-'], { input })).stdout;
const records = 'ls /var/lib/netform/.cni/*/ /var/lib/cni/results /var/lib/cni/networks/mynet 2>/dev/null || true';

test('two pods reach each other, a port is published, and destroy leaves nothing', async () => {
  await withMachine(async (m) => {
    await m.must(
      'ip link add out type veth peer name in && ip link set out up && ip address add 192.0.2.1/24 dev out; ip address add 2001:db8:5::1/64 dev out nodad',
    );
    const before = await m.snapshot();
    const files =
      'find /var/lib /etc/cni -type f 2>/dev/null || true; ls -d /var/lib/cni /var/lib/netform/.cni 2>&1 || true';
    const kept = await m.must(files);
    await apply(m, pods());
    expect(await plan(m, pods())).toContain('Nothing to do.');
    for (const to of ['10.22.0.9', 'fd00:22::9', '10.22.0.1', 'fd00:22::1'])
      expect(await pings(m, 'pod1', to), to).toBe(true);
    expect(await silent(m, 'pod1', '10.22.0.77')).toBe(true);
    await m.must("ip netns exec pod1 ncat -lk 80 --sh-exec 'echo pod1' >/dev/null 2>&1 & sleep 0.3");
    for (const host of ['192.0.2.1', '127.0.0.1', '10.22.0.1', '2001:db8:5::1', 'fd00:22::1'])
      expect(await m.must(`ncat --recv-only -w 3 ${host} 8080`), host).toBe('pod1\n');
    // From the other pod, which is on the bridge, and so through the hairpin of the port.
    for (const host of ['192.0.2.1', '2001:db8:5::1'])
      expect(await m.must(`ip netns exec pod2 ncat --recv-only -w 3 ${host} 8080`), `pod2 ${host}`).toBe('pod1\n');
    // The kernel sends nothing from ::1 to another link: it has no route_localnet for IPv6.
    expect((await m.sh('ncat --recv-only -w 2 ::1 8080')).stdout).toBe('');
    expect((await m.sh('ncat --recv-only -w 2 2001:db8:5::1 8081')).stdout, 'a port that is not published').toBe('');
    expect(await m.must('ip netns exec pod2 ncat --recv-only -w 3 pod1 80'), 'by its name').toBe('pod1\n');
    const shown = (await runNetform(m, ['show', 'pods'])).stdout;
    expect(shown).toMatch(/ok +cni +eth0 +on mynet: 10\.22\.0\.2\/24 via 10\.22\.0\.1, fd00:22::2\/64 via fd00:22::1/);
    const cached = JSON.parse(await m.must('cat /var/lib/cni/results/mynet-netform-*-pod1-eth0'));
    expect(cached).toMatchObject({
      kind: 'cniCacheV1',
      networkName: 'mynet',
      ifName: 'eth0',
      netns: '/run/netns/pod1',
    });
    expect(cached.capabilityArgs.portMappings).toEqual([{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }]);
    await runNetform(m, ['destroy', 'pods', '--yes']);
    expect(await m.snapshot()).toEqual(before);
    expect(await m.must(files)).toBe(kept);
    expect(await m.must('iptables-save; ip6tables-save')).not.toContain('CNI-');
  });
});

test('what is changed by hand is drift, and the pod is attached again with its address', async () => {
  await withMachine(async (m) => {
    await apply(m, pods());
    const changes: readonly (readonly [string, string])[] = [
      ['ip -n pod1 address del 10.22.0.2/24 dev eth0', 'its address 10.22.0.2/24 is gone'],
      ['ip -n pod1 route del default', 'its route to 0.0.0.0/0 is gone'],
      ['ip -n pod1 link del eth0', 'its link eth0 is gone'],
      ['rm /var/lib/cni/networks/mynet/10.22.0.2', 'its address is not written down'],
      ['ip link set "$(ip -j link show master mynet0 | jq -r .[0].ifname)" nomaster', 'bridge CHECK: '],
    ];
    for (const [change, says] of changes) {
      await m.must(change);
      expect(await plan(m, pods()), change).toContain(says);
      await apply(m, pods());
      expect(await pings(m, 'pod2', '10.22.0.2'), change).toBe(true);
    }
    await runNetform(m, ['destroy', 'pods', '--yes']);
  });
});

test('a plugin that fails, or gives another address, leaves nothing behind', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const taken =
      'mkdir -p /var/lib/cni/networks/mynet && printf "other\\r\\neth0" >/var/lib/cni/networks/mynet/10.22.0.9';
    await m.must(taken);
    const refused = await apply(m, pods(), 4);
    expect(refused.stderr).toContain('bridge ADD: ');
    expect(refused.stderr).toContain('10.22.0.9');
    const left = await m.must(`${records}; ip -br link; iptables-save`);
    expect(left).toContain('10.22.0.9');
    expect(left).not.toMatch(/netform-|10\.22\.0\.2|mynet0|CNI-/);
    await m.must('rm -r /var/lib/cni');
    const wrong = pods().replace(
      '{ type: portmap',
      '{ type: tuning, sysctl: { net.ipv4.nonsense: "1" } }\n      - { type: portmap',
    );
    expect((await apply(m, wrong, 4)).stderr).toContain('tuning ADD: ');
    expect(await m.must(records)).toBe('');
    expect(await m.snapshot()).toEqual(before);
  });
});

test('a pod on two networks has one default route, that of the interface with gateway', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const file = 'topologies/programs/cni-networks.yaml';
    await runNetform(m, ['apply', file]);
    for (const family of ['', '-6'])
      expect(await m.must(`ip -n pod1 ${family} route show default`)).toMatch(/^default via \S+ dev net1[^\n]*\n$/);
    expect(await m.must('ip -n pod2 route show default')).toContain('dev eth0');
    for (const to of ['10.4.0.1', 'fd00:4::1', '10.5.0.1', 'fd00:5::1']) expect(await pings(m, 'pod1', to)).toBe(true);
    expect(await silent(m, 'pod1', '10.4.0.77')).toBe(true);
    expect((await runNetform(m, ['plan', file])).stdout).toContain('Nothing to do.');
    await runNetform(m, ['destroy', file, '--yes']);
    expect(await m.snapshot()).toEqual(before);
    expect((await m.sh('find /var/lib/cni /var/lib/netform/.cni')).stdout).toBe('');
  });
});

test('a script is a plugin, and what is wrong with one is said', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const file = 'topologies/cni-script/pods.yaml';
    const run = (code = 0) => runNetform(m, ['apply', file, '--yes'], { code, env: { CNI_PATH: '/run/cni' } });
    await m.must('mkdir /run/cni && cp topologies/cni-script/net-script.sh /run/cni', { cwd: repository });
    expect((await run()).stdout).toContain('address later');
    expect(await pings(m, 'pod1', '10.244.1.9')).toBe(true);
    expect(await pings(m, 'pod2', '10.244.1.2')).toBe(true);
    expect((await runNetform(m, ['show', 'cni-script'])).stdout).toContain(
      'on net-script: 10.244.1.2/24 via 10.244.1.1',
    );
    await runNetform(m, ['destroy', file, '--yes']);
    const traps: readonly (readonly [string, string])[] = [
      ['sed -i 1d /run/cni/net-script.sh', 'it has no #! line'],
      ['sed -i "s/$/\\r/" /run/cni/net-script.sh', 'its lines end with CR LF'],
      ['sed -i "1s|.*|#!/no/such|" /run/cni/net-script.sh', 'its interpreter /no/such is not there'],
      [
        'sed -i "s/^  address=..choose./  echo hello >\\&3; &/" /run/cni/net-script.sh',
        'it wrote text before its answer: "hello"',
      ],
      ['sed -i "s/^  address=..choose./  sleep 9 \\& exit 0; &/" /run/cni/net-script.sh', 'it answered nothing'],
      [
        'sed -i "s/^  address=..choose./  (sleep 9; echo 1}) >\\&3 \\& printf {.a.: >\\&3; exit 0; &/" /run/cni/net-script.sh',
        'what it left in the background may still be writing it',
      ],
      [
        'sed -i "s/^  address=..choose./  setsid sleep 777 \\& sleep 777; &/" /run/cni/net-script.sh',
        'net-script.sh ADD: it had not ended after 4 s, and was killed with all that it had started (--cni-timeout gives it longer)',
      ],
      ['chmod -x /run/cni/net-script.sh', 'it is not executable'],
      ['rm /run/cni/net-script.sh', 'this machine has no CNI plugins'],
    ];
    for (const [breakIt, says] of traps) {
      await m.must(`cp topologies/cni-script/net-script.sh /run/cni && ${breakIt}`, { cwd: repository });
      const args = ['apply', file, '--yes', ...(says.includes('4 s,') ? ['--cni-timeout', '4s'] : [])];
      const { stderr } = await m.netform(args, { env: { CNI_PATH: '/run/cni' } });
      expect(stderr, breakIt).toContain(says);
      expect((await m.sh('pgrep -fa "^sleep 777"')).stdout, breakIt).toBe('');
      expect((await m.sh('ip netns list; ls /var/lib/netform/.cni')).stdout, breakIt).toBe('');
    }
    // What a plugin puts into the background holds its output, and netform does not wait for that.
    const server = 'sed -i "s/^  address=..choose./  sleep 99999 \\& &/" /run/cni/net-script.sh';
    await m.must(`cp topologies/cni-script/net-script.sh /run/cni && ${server}`, { cwd: repository });
    await run();
    expect(await m.must('pgrep -fc "^sleep 99999"'), 'the server goes on').toBe('2\n');
    await runNetform(m, ['destroy', file, '--yes']);
    const wrong = await runNetform(m, ['apply', file, '--cni-timeout', 'soon'], { code: 2 });
    expect(wrong.stderr).toContain('--cni-timeout takes a time such as 90s or 5m, not soon');
    await m.must('rm -r /run/cni; ip link del v-net-0 2>/dev/null || true');
    expect(await m.snapshot()).toEqual(before);
  });
});

test('a plugin that is missing, or of another version, is refused before the first change', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    await m.must('mkdir -p /run/few /run/none && cp /usr/lib/cni/bridge /usr/lib/cni/host-local /run/few');
    const refused = async (input: string, path: string) =>
      (await runNetform(m, ['apply', '-', '--yes'], { input, code: 3, env: { CNI_PATH: path } })).stderr;
    expect(await refused(pods(), '/run/few')).toContain('apt-get install containernetworking-plugins');
    expect(await refused(pods(), '/run/none')).toContain('has no CNI plugins');
    const args = ['apply', '-', '--yes', '--cni-path'];
    const flagged = await runNetform(m, [...args, '/run/few:/run/none'], { input: pods(), code: 3 });
    expect(flagged.stderr).toContain('apt-get install containernetworking-plugins');
    const relative = await runNetform(m, [...args, 'few'], { input: pods(), code: 2 });
    expect(relative.stderr).toContain('--cni-path takes absolute folders joined by colons, not few');
    const newer = pods().replace('cniVersion: 1.0.0', 'cniVersion: 1.1.0');
    expect(await refused(newer, '/usr/lib/cni')).toContain('not support cniVersion 1.1.0');
    await m.must('rm -r /run/few /run/none');
    expect(await m.snapshot()).toEqual(before);
  });
});

test('a bridge of the lab may have the subnet that plugins have until then', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const apply = async (body: string) =>
      (await runNetform(m, ['apply', '-', '--yes'], { input: `version: 1\nname: heir\n${body}` })).stdout;
    for (const plugin of ['ptp', 'bridge, isGateway: true']) {
      const ipam = '{ type: host-local, ranges: [[{ subnet: 10.90.0.0/24 }], [{ subnet: "fd00:90::/64" }]] }';
      await apply(
        `cni: { net: { cniVersion: 1.0.0, plugins: [{ type: ${plugin}, ipam: ${ipam} }] } }
namespaces: { pod: { interfaces: { eth0: { cni: net } } } }`,
      );
      expect(await m.must('ip -br addr')).toContain('10.90.0.1/');
      await apply(
        `bridges: { lan: { subnet: [10.90.0.0/24, "fd00:90::/64"], address: [10.90.0.1, "fd00:90::1"] } }
namespaces: { pod: { interfaces: { eth1: { bridge: lan } } } }`,
      );
      for (const to of ['10.90.0.1', 'fd00:90::1']) expect(await pings(m, 'pod', to), plugin).toBe(true);
      await runNetform(m, ['destroy', 'heir', '--yes']);
    }
    expect(await m.snapshot()).toEqual(before);
  });
});

test('the name of an interface passes between plugins and a wire', async () => {
  await withMachine(async (m) => {
    const before = await m.snapshot();
    const lab = (a: string, b: string, plugin = 'bridge, isGateway: true') => `version: 1
name: heir
cni:
  net:
    cniVersion: 1.0.0
    plugins:
      - { type: ${plugin}, ipam: { type: host-local, ranges: [[{ subnet: 10.90.0.0/24 }], [{ subnet: "fd00:90::/64" }]] } }
bridges: { lan: { subnet: [10.91.0.0/24, "fd00:91::/64"], address: [10.91.0.1, "fd00:91::1"] } }
namespaces:
  a: { interfaces: { eth0: { ${a} } } }
  b: { interfaces: { eth0: { ${b} } } }
`;
    const byPlugin = { a: lab('cni: net', 'bridge: lan'), b: lab('bridge: lan', 'cni: net') };
    for (const one of ['a', 'b'] as const) {
      expect(await plan(m, byPlugin[one])).not.toContain('unmanaged');
      await apply(m, byPlugin[one]);
      expect(await plan(m, byPlugin[one])).toContain('Nothing to do.');
      for (const netns of ['a', 'b'])
        for (const to of netns === one ? ['10.90.0.1', 'fd00:90::1'] : ['10.91.0.1', 'fd00:91::1'])
          expect(await pings(m, netns, to), `${netns} to ${to}`).toBe(true);
    }
    // The plugin of a fails, after its wire is gone and the wire of b is there: both have again what they had.
    await m.must(
      `mkdir /run/plugins && printf '#!/bin/sh\n[ $CNI_COMMAND = ADD ] && exit 1; exec /usr/lib/cni/bridge' >/run/plugins/nothing
      chmod 755 /run/plugins/nothing`,
    );
    const failing = lab('cni: net', 'bridge: lan', 'nothing');
    const args = ['apply', '-', '--yes', '--cni-path', '/run/plugins:/usr/lib/cni'];
    expect((await runNetform(m, args, { input: failing, code: 4 })).stderr).toContain('all changes were rolled back');
    expect(await plan(m, byPlugin.b)).toContain('Nothing to do.');
    expect(await pings(m, 'a', '10.91.0.1')).toBe(true);
    expect(await pings(m, 'b', '10.90.0.1')).toBe(true);
    await m.must('rm -r /run/plugins');
    await runNetform(m, ['destroy', 'heir', '--yes']);
    expect(await m.snapshot()).toEqual(before);
  });
});
