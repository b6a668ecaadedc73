import type { Machine } from '../support/machine.ts';
import type { Family } from './address.ts';

/**
 * Gives the machine things that are nobody's business: a namespace `stranger` behind the machine's link `ext0`
 * (`strangerAddress`, the machine's end `ownAddress`), with a route of its own, a firewall table, hosts files and a CNI
 * network. MACs are fixed, so that two machines are alike.
 */
export async function createForeignObjects(m: Machine): Promise<void> {
  await m.must(`set -e
    ip netns add stranger
    ip link add name ext0 address 02:00:00:00:0e:01 type veth peer name eth0 address 02:00:00:00:0e:02 netns stranger
    ip addr add ${ownAddress[4]}/24 dev ext0
    ip addr add ${ownAddress[6]}/64 dev ext0 nodad
    ip link set dev ext0 up
    ip -n stranger link set dev lo up
    ip -n stranger addr add ${foreignAddress[4]}/24 dev eth0
    ip -n stranger addr add ${foreignAddress[6]}/64 dev eth0 nodad
    ip -n stranger link set dev eth0 up
    # The kernel adds their link-local addresses after the carrier came, on a busy machine some time after.
    for n in $(seq 200); do
      if ip -6 addr show dev ext0 | grep -q fe80: && ip -n stranger -6 addr show dev eth0 | grep -q fe80:; then break; fi
      sleep 0.05
    done
    ip route add 192.0.2.0/24 via ${foreignAddress[4]} metric 7
    ip neigh add 198.51.100.77 lladdr 02:00:00:00:0e:77 dev ext0 nud permanent
    nft add table inet foreign
    nft add chain inet foreign input '{ type filter hook input priority 0; policy accept; }'
    mkdir -p /etc/netns/stranger /etc/cni/net.d
    echo '127.0.0.1 localhost' >/etc/netns/stranger/hosts
    echo '{"cniVersion":"1.0.0","name":"foreign","plugins":[{"type":"loopback"}]}' >/etc/cni/net.d/99-foreign.conflist
    printf '127.0.0.1 localhost\\n192.0.2.1\\tprinter-of-mine' >/etc/hosts`);
}

export const ownAddress: Readonly<Record<Family, string>> = { 4: '198.51.100.1', 6: '2001:db8:ffff::1' };
export const foreignAddress: Readonly<Record<Family, string>> = { 4: '198.51.100.2', 6: '2001:db8:ffff::2' };
