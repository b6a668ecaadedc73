import { expect, test } from 'vitest';
import { runNetform } from '../labs/run-netform.ts';
import { withMachine } from '../support/machine.ts';
import { pings } from '../support/traffic.ts';

/** A runtime as cnitool is one: it calls the plugin `bridge`, and writes the result down as libcni does. */
const RUNTIME = `
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
const [command, pod] = process.argv.slice(2);
const text = readFileSync('/etc/cni/net.d/10-mynet.conflist');
const { name, cniVersion, plugins } = JSON.parse(text);
const folder = '/var/lib/cni/cache/results';
const file = folder + '/mynet-cnitool-' + pod + '-eth0';
const prevResult = command === 'ADD' ? {} : { prevResult: JSON.parse(readFileSync(file)).result };
const env = { CNI_COMMAND: command, CNI_CONTAINERID: 'cnitool-' + pod, CNI_NETNS: '/var/run/netns/' + pod, CNI_IFNAME: 'eth0', CNI_PATH: '/usr/lib/cni', PATH: process.env.PATH };
const out = execFileSync('/usr/lib/cni/bridge', { env, input: JSON.stringify({ ...plugins[0], name, cniVersion, ...prevResult }) });
mkdirSync(folder, { recursive: true });
if (command === 'ADD') writeFileSync(file, JSON.stringify({ kind: 'cniCacheV1', containerId: env.CNI_CONTAINERID, config: text.toString('base64'), ifName: 'eth0', networkName: name, netns: env.CNI_NETNS, result: JSON.parse(out) }));
if (command === 'DEL') rmSync(file);
`;
const CONFLIST = JSON.stringify({
  ...{ cniVersion: '1.0.0', name: 'mynet' },
  plugins: [
    {
      ...{ type: 'bridge', bridge: 'mynet0', isGateway: true, ipMasq: true },
      ipam: { type: 'host-local', subnet: '10.22.0.0/24', routes: [{ dst: '0.0.0.0/0' }] },
    },
  ],
});

test('interfaces of CNI plugins that another program called are links, are named, and stay its own', () =>
  withMachine(async (m) => {
    await m.must(`mkdir -p /etc/cni/net.d && echo '${CONFLIST}' >/etc/cni/net.d/10-mynet.conflist`);
    await m.must('cat >/run/runtime.mjs', { input: RUNTIME });
    await m.must(
      'for pod in pod1 pod2; do ip netns add $pod && ip -n $pod link set lo up && node /run/runtime.mjs ADD $pod; done',
    );
    await m.must(
      'ip netns add pod3; ip -n pod3 link set lo up; sed s/pod1/pod3/g /var/lib/cni/cache/results/*pod1-eth0 >/var/lib/cni/cache/results/stale',
    );
    const { stdout, stderr } = await runNetform(m, ['import', 'live', '--all']);
    expect(stderr).toContain(
      'left out: the plugins of mynet, which have made pod1:eth0, pod2:eth0: whoever called ADD for them has to call DEL, so they stay links; in a lab of its own cni: mynet, with what /etc/cni/net.d/10-mynet.conflist says, has them make it\n',
    );
    for (const [pod, address] of [
      ['pod1', '10.22.0.2'],
      ['pod2', '10.22.0.3'],
    ])
      expect(stdout).toContain(
        `  # In a lab of its own, plugins make it: interfaces: { eth0: { cni: mynet, args: { ips: [${address}] } } }.\n  ${pod}:\n    interfaces: { eth0: ${address} }\n`,
      );
    expect(stdout).toContain('\n  pod3: {}\n');
    // What is there is neither made again nor deleted, and its owner's DEL finds it after all of that.
    const before = await m.snapshot();
    await runNetform(m, ['apply', '-', '--adopt', '--yes'], { input: stdout });
    expect((await runNetform(m, ['plan', '-', '--exit-code'], { input: stdout })).stdout).toContain('Nothing to do.');
    expect(await pings(m, 'pod1', '10.22.0.3')).toBe(true);
    await m.must('node /run/runtime.mjs CHECK pod1');
    await runNetform(m, ['destroy', 'imported', '--yes']);
    expect(await m.snapshot()).toBe(before);
    await m.must('node /run/runtime.mjs CHECK pod2; node /run/runtime.mjs DEL pod1; node /run/runtime.mjs DEL pod2');
    expect((await runNetform(m, ['import', 'live', '--all'])).stderr).not.toContain('the plugins of');
    // The words of the comment are a lab that plugins make, elsewhere.
    const words = [...stdout.matchAll(/interfaces: (\{ eth0: \{ cni: .* \} \})\.\n {2}(pod\d):/g)];
    const lab = {
      version: 1,
      name: 'own',
      cni: { mynet: { ...JSON.parse(CONFLIST), name: undefined, file: 'none' } },
    };
    const input = `${JSON.stringify(lab).slice(0, -1)}, namespaces: {${words.map(([, interfaces, pod]) => `own-${pod}: { interfaces: ${interfaces} }`).join(', ')}}}`;
    await runNetform(m, ['apply', '-', '--yes'], { input });
    expect(await pings(m, 'own-pod1', '10.22.0.3')).toBe(true);
    await runNetform(m, ['destroy', 'own', '--yes']);
  }));
