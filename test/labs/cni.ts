import { expect } from 'vitest';
import { eventually } from '../safety/interrupt.ts';
import type { Machine } from '../support/machine.ts';
import { pings, silent } from '../support/traffic.ts';
import { address, type Family } from './address.ts';

const net = { 4: '10.22.0', 6: 'fd00:22' };

/** Runs the real plugins with the configuration that netform wrote, as a runtime does, and undoes what they leave behind. */
export async function proveCni(m: Machine, family: Family): Promise<void> {
  await invoke(m, 'ADD', 'pod-1');
  await invoke(m, 'ADD', 'pod-2');
  await soon(m, address(net, family, 1));
  await soon(m, address(net, family, 3));
  await invoke(m, 'DEL', 'pod-1');
  expect(await silent(m, 'pod-1', address(net, family, 1)), 'after DEL it does not').toBe(true);
  await invoke(m, 'DEL', 'pod-2');
  await m.must(leftovers);
}

/** The kernel tries out the IPv6 addresses of the plugins' bridge for a second or two before it uses them. */
const soon = async (m: Machine, to: string): Promise<void> =>
  expect(await eventually(() => pings(m, 'pod-1', to), true, 20), `pod-1 reaches ${to}`).toBe(true);

async function invoke(m: Machine, command: string, netns: string): Promise<void> {
  const conflist = JSON.parse(await m.must('cat /etc/cni/net.d/10-mynet.conflist'));
  const { name, cniVersion, plugins } = conflist;
  const env = {
    CNI_COMMAND: command,
    CNI_CONTAINERID: netns,
    CNI_NETNS: `/run/netns/${netns}`,
    CNI_IFNAME: 'eth0',
    CNI_PATH: '/usr/lib/cni',
  };
  const ended = await m.sh(`/usr/lib/cni/${plugins[0].type}`, {
    env,
    input: JSON.stringify({ ...plugins[0], name, cniVersion }),
  });
  expect(ended.code, `${command} ${netns}: ${ended.stdout}${ended.stderr}`).toBe(0);
}

/** The plugins never remove their bridge, their chains and the forwarding that they switched on. */
const leftovers = `set -e
  ip link del dev mynet0
  for table in 'ip nat' 'ip6 nat' 'ip filter' 'ip6 filter'; do
    nft delete table $table 2>/dev/null || true
  done
  rm -rf /var/lib/cni
  echo 0 >/proc/sys/net/ipv4/ip_forward
  echo 0 >/proc/sys/net/ipv6/conf/all/forwarding`;
