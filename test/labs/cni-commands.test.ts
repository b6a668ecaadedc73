import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const bridge = (more: object = {}) => ({
  type: 'bridge',
  bridge: 'cni7',
  isGateway: true,
  ipam: { type: 'host-local', subnet: '10.27.0.0/24', routes: [{ dst: '0.0.0.0/0' }] },
  ...more,
});

const conflist = (name: string, more: object = {}) =>
  JSON.stringify({ cniVersion: '1.0.0', name, plugins: [bridge()], ...more }, null, 2);

test('lint names every mistake of a folder with its place, and the file that the kubelet uses', async () => {
  await withMachine(async (m) => {
    const write = (name: string, text: string) =>
      m.must(`mkdir -p /run/net.d && cat >/run/net.d/${name}`, { input: text });
    await write('50-good.conflist', conflist('good'));
    await write('notes.txt', '');
    const good = await runNetform(m, ['cni', 'lint', '/run/net.d']);
    expect(good.stdout).toBe(
      'The kubelet uses 50-good.conflist: of .conf, .conflist and .json the first by name.\nNever read, for their endings: notes.txt.\n',
    );
    expect(good.stderr).toBe('');
    await write('10-bad.conf', '{\n  "cniVersion": "1.0.0",\n}');
    await write(
      '20-new.conflist',
      conflist('new', { cniVersion: '1.1.0', plugins: [{ type: 'bridge', isGatway: true }] }),
    );
    await write('30-none.conflist', conflist('none', { plugins: [{ type: 'cilium-cni' }] }));
    await write('40-head.conf', JSON.stringify({ bridge: 'cni8', isGateway: true }));
    await write('60-twice.conflist', conflist('good', { plugins: [{ type: 'loopback' }] }));
    const bad = await runNetform(m, ['cni', 'lint', '/run/net.d'], { code: 3 });
    expect(bad.stdout).toContain(
      'The kubelet uses 10-bad.conf: of .conf, .conflist and .json the first by name.\nIt cannot be used as it is: containerd does not go on to the next file; CRI-O takes 50-good.conflist.\n',
    );
    for (const words of [
      '10-bad.conf:3:1: this is not JSON: expected double-quoted property name',
      '20-new.conflist:7:7: plugin bridge has no key isGatway',
      '20-new.conflist:2:17: warning: bridge on this machine does not support cniVersion 1.1.0',
      '30-none.conflist:6:15: warning: CNI plugin cilium-cni is not installed on this machine',
      '40-head.conf:1:1: the network has no name',
      '40-head.conf:1:1: there is no cniVersion',
      '40-head.conf:1:1: plugin 1 has no type',
      '60-twice.conflist:3:11: network good is also in /run/net.d/50-good.conflist',
    ])
      expect(bad.stderr).toContain(words);
    await m.must('mkdir /run/few && cp /usr/lib/cni/host-local /run/few');
    const env = { CNI_PATH: '/run/few' };
    const few = await runNetform(m, ['cni', 'lint', '/run/net.d/50-good.conflist'], { env });
    expect(few.stderr).toContain('apt-get install containernetworking-plugins');
    await runNetform(m, ['cni', 'lint', '/run/none'], { code: 2 });
  });
});

test('add, check and del attach a namespace by hand, and leave nothing', async () => {
  await withMachine(async (m) => {
    // The plugin bridge turns it on, and leaves it so.
    await m.must('sysctl -qw net.ipv4.ip_forward=1');
    const before = await m.snapshot();
    await m.must('mkdir -p /etc/cni/net.d && cat >/etc/cni/net.d/10-hand.conflist', { input: conflist('hand') });
    await m.must('ip netns add pod1 && ip netns add pod2');
    const cni = (words: readonly string[], code = 0) => runNetform(m, ['cni', ...words], { code });
    const added = JSON.parse((await cni(['add', 'hand', 'pod1'])).stdout);
    expect(added.ips).toEqual([expect.objectContaining({ address: '10.27.0.2/24' })]);
    await cni(['add', '/etc/cni/net.d/10-hand.conflist', 'pod2:net1']);
    expect(await pings(m, 'pod1', '10.27.0.3')).toBe(true);
    expect((await cni(['check', 'hand', 'pod1'])).stdout).toBe('pod1:eth0 is as its plugins made it.\n');
    expect((await cni(['add', 'hand', 'pod1'], 7)).stderr).toContain('pod1:eth0 is there already');
    expect((await cni(['add', 'other', 'pod1:net1'], 2)).stderr).toContain('there is hand');
    expect((await cni(['add', 'hand', 'pod9'], 2)).stderr).toContain('there is no namespace pod9');
    expect((await cni(['gc'])).stdout).toBe('Nothing is leaked.\n');
    await m.must('ip -n pod1 address flush dev eth0');
    expect((await cni(['check', 'hand', 'pod1'], 6)).stdout).toBe('pod1:eth0: its address 10.27.0.2/24 is gone.\n');
    await cni(['del', 'hand', 'pod1']);
    expect(await silent(m, 'pod2', '10.27.0.2')).toBe(true);
    expect((await cni(['del', 'hand', 'pod1'], 2)).stderr).toContain('has not attached pod1:eth0 to hand');
    await m.must('ip netns del pod2');
    expect((await cni(['gc'], 10)).stdout).toContain('  pod2:net1 on hand: it is in a namespace that is gone\n');
    expect(await m.must('ls /var/lib/cni/networks/hand')).toContain('10.27.0.3');
    expect((await cni(['gc', '--yes'])).stdout).toContain('pod2:net1');
    // After a reboot the address and the result are still written down, and nothing else is there.
    await cni(['add', 'hand', 'pod1']);
    expect((await cni(['gc'])).stdout).toBe('Nothing is leaked.\n');
    await m.must(`ip netns del pod1; ip link del cni7; rm -r /run/netform; echo 11111111-2222-4333-8444-555555555555 >/run/boot
      mount --bind /run/boot /proc/sys/kernel/random/boot_id; sysctl -qw net.ipv4.ip_forward=1; ip netns add pod1`);
    expect((await cni(['check', 'hand', 'pod1'], 6)).stdout).toContain('the machine was started again');
    const leaked = await cni(['gc'], 10);
    expect(leaked.stdout).toContain('  pod1:eth0 on hand: the machine was started again\n');
    await m.must('ls /var/lib/cni/networks/hand/10.27.0.* /var/lib/cni/results/hand-*');
    expect((await cni(['gc', '--yes'])).stdout).toContain('pod1:eth0 on hand');
    expect((await cni(['gc'])).stdout).toBe('Nothing is leaked.\n');
    await m.must('ip netns del pod1 && rm -r /etc/cni /run/boot');
    expect(await m.snapshot()).toEqual(before);
    expect(await m.must('ls -d /var/lib/cni /var/lib/netform/.cni 2>&1 || true')).not.toMatch(/^\//m);
  });
}, 60_000);

test('add refuses a network without its plugins, and takes back one that fails', async () => {
  await withMachine(async (m) => {
    // The plugin bridge turns it on, and leaves it so.
    await m.must('sysctl -qw net.ipv4.ip_forward=1');
    const before = await m.snapshot();
    await m.must('ip netns add pod1 && mkdir /run/n');
    const add = async (text: string, code: number) => {
      await m.must('cat >/run/n/a.conflist', { input: text });
      return (await runNetform(m, ['cni', 'add', '/run/n/a.conflist', 'pod1'], { code })).stderr;
    };
    expect(await add(conflist('a', { plugins: [bridge(), { type: 'nosuch' }] }), 3)).toContain('CNI plugin nosuch');
    expect(await add(conflist('a', { cniVersion: '1.1.0' }), 3)).toContain('cniVersion 1.1.0');
    const failing = { type: 'tuning', sysctl: { 'net.ipv4.nonsense': '1' } };
    expect(await add(conflist('a', { plugins: [bridge(), failing] }), 4)).toContain('tuning ADD: ');
    await m.must('ip netns del pod1; rm -r /run/n');
    expect(await m.snapshot()).toEqual(before);
  });
});

test('an attachment of a lab is checked, and neither deleted nor freed', async () => {
  await withMachine(async (m) => {
    const lab = `version: 1\nname: pods\ncni:\n  net7: ${JSON.stringify({ file: 'none', cniVersion: '1.0.0', plugins: [bridge()] })}\nnamespaces: { pod1: { interfaces: { eth0: { cni: net7 } } } }\n`;
    await runNetform(m, ['apply', '-', '--yes'], { input: lab });
    await runNetform(m, ['cni', 'check', 'net7', 'pod1']);
    const live = await runNetform(m, ['import', 'live', '--netns', 'pod1']);
    expect(live.stderr).toContain(
      'left out: the plugins of net7, which have made pod1:eth0; cni: net7 has them make it',
    );
    const refused = await runNetform(m, ['cni', 'del', 'net7', 'pod1'], { code: 7 });
    expect(refused.stderr).toContain('pod1:eth0 is of the lab pods');
    // A bridge that is no gateway has the lowest MAC of its ports, and CHECK of its plugin knows the first one.
    const plain = lab.replace('"isGateway":true', '"isGateway":false');
    await runNetform(m, ['apply', '-', '--yes'], { input: plain });
    await m.must('ip link add low address 02:00:00:00:00:01 type veth peer name other; ip link set low master cni7');
    expect(await m.must('ip link show cni7')).toContain('02:00:00:00:00:01');
    expect((await runNetform(m, ['plan', '-'], { input: plain })).stdout).toContain('Nothing to do.');
    await m.must('ip link del low; ip netns del pod1');
    expect((await runNetform(m, ['cni', 'gc', '--yes'])).stdout).toBe('Nothing was freed.\n');
    await runNetform(m, ['destroy', 'pods', '--yes']);
  });
}, 60_000);
