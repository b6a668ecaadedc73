import { expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { runNetform } from './run-netform.ts';

const LAB = `version: 1
name: asking
cni:
  mynet:
    file: none
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        bridge: mynet0
        isGateway: true
        capabilities: { mac: true, ips: true }
        ipam: { type: host-local, subnet: 10.22.0.0/24, routes: [{ dst: 0.0.0.0/0 }] }
      - { type: bandwidth, capabilities: { bandwidth: true } }
      - { type: portmap, capabilities: { portMappings: true } }
      - { type: resolver, capabilities: { dns: true } }
namespaces:
  pod1:
    publish: ["8080:80"]
    interfaces:
      eth0:
        cni: mynet
        args:
          mac: 02:00:00:00:22:07
          ips: [10.22.0.77]
          bandwidth: { ingressRate: 8000000, ingressBurst: 800000, egressRate: 4000000, egressBurst: 400000 }
          dns: { servers: [10.22.0.1], searches: [lab.test] }
  pod2: { interfaces: { eth0: { cni: mynet } } }
`;

/** No plugin of Linux takes the capability dns: this one gives back what it is asked for, in the result. */
const RESOLVER = `#!/bin/sh
case $CNI_COMMAND in
VERSION) echo '{ "cniVersion": "1.0.0", "supportedVersions": ["1.0.0"] }' ;;
ADD) jq '.prevResult * { dns: ((.runtimeConfig.dns // {}) | { nameservers: .servers, search: .searches }) }' ;;
esac
`;

test('each capability reaches the real plugin: mac, ips, bandwidth, portMappings and dns', async () => {
  await withMachine(async (m) => {
    await m.must('ip link add up0 type veth peer name up1; ip address add 192.0.2.1/24 dev up0; ip link set up0 up');
    const before = await m.snapshot();
    await m.must('mkdir /run/cni && cat >/run/cni/resolver && chmod 755 /run/cni/resolver', {
      input: RESOLVER,
    });
    const env = { CNI_PATH: '/run/cni:/usr/lib/cni' };
    await runNetform(m, ['apply', '-', '--yes'], { input: LAB, env });
    const json = async (command: string) => JSON.parse(await m.must(command));
    const [link] = await json('ip -n pod1 -j address show dev eth0');
    expect(link.address, 'mac').toBe('02:00:00:00:22:07');
    expect(await pings(m, 'pod2', '10.22.0.77'), 'ips').toBe(true);
    expect(await silent(m, 'pod2', '10.22.0.3'), 'an address that was not asked for').toBe(true);
    expect(await m.must('ip -n pod2 neigh show 10.22.0.77')).toContain('02:00:00:00:22:07');
    const rates = async () =>
      (await json('tc -j qdisc show')).flatMap((one: { kind: string; options: { rate: number } }) =>
        one.kind === 'tbf' ? [one.options.rate * 8] : [],
      );
    expect((await rates()).toSorted(), 'bandwidth: from the pod by its ifb, to the pod by its port').toEqual([
      4_000_000, 8_000_000,
    ]);
    await m.must("ip netns exec pod1 ncat -lk 80 --sh-exec 'echo pod1' >/dev/null 2>&1 & sleep 0.3");
    expect(await m.must('ip netns exec pod2 ncat --recv-only -w 3 192.0.2.1 8080'), 'portMappings').toBe('pod1\n');
    expect((await m.sh('ip netns exec pod2 ncat --recv-only -w 2 192.0.2.1 8081')).stdout).toBe('');
    const { result, capabilityArgs } = await json('cat /var/lib/cni/results/mynet-netform-*-pod1-eth0');
    expect(result.dns, 'dns').toEqual({ nameservers: ['10.22.0.1'], search: ['lab.test'] });
    expect(Object.keys(capabilityArgs).toSorted()).toEqual(['bandwidth', 'dns', 'ips', 'mac', 'portMappings']);
    await runNetform(m, ['destroy', 'asking', '--yes'], { env });
    expect(await rates()).toEqual([]);
    await m.must('rm -r /run/cni');
    expect(await m.snapshot()).toBe(before);
  });
});
