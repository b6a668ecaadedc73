import { expect } from 'vitest';
import type { Machine } from '../support/machine.ts';
import { serving, tcp } from '../support/traffic.ts';

/**
 * A neighbour on `v-net-0` sends to 127.0.0.1 over the wire, which the kernel would let in for as long as a forward of
 * `localhost` needs route_localnet: what listens on the machine's loopback only must not answer.
 */
export async function attackLoopback(m: Machine): Promise<void> {
  await m.must(`set -e
    ip netns add attacker
    ip link add name attack type veth peer name eth0 netns attacker
    ip link set dev attack master v-net-0 up
    ip -n attacker addr add 192.168.15.66/24 dev eth0
    ip -n attacker link set dev eth0 up
    ip netns exec attacker sysctl -q -w net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.eth0.route_localnet=1
    ip -n attacker route add 127.0.0.1/32 via 192.168.15.5 src 192.168.15.66`);
  await serving(m, { netns: 'host', port: 9999, address: '127.0.0.1' }, async () => {
    expect(await tcp(m, 'host', { to: '127.0.0.1', port: 9999 })).toBe('host 127.0.0.1');
    expect(
      await tcp(m, 'attacker', { to: '127.0.0.1', port: 9999, patienceMs: 1500 }),
      'a neighbour reaches the loopback',
    ).toBe('');
  });
  await m.must('ip link del dev attack && ip netns del attacker');
}
