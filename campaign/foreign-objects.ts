import { type Random, random } from './random.ts';
import { sh } from './shell.ts';

/** Runs whose seeds are in one block of so many have the same things beside the lab. */
const BLOCK = 32;

/** Puts things of other people's into this machine, chosen by the seed: they must stay as they are, byte for byte. */
export async function addForeignObjects(seed: number): Promise<void> {
  await sh(`set -e\n${script(random(Math.floor(seed / BLOCK)))}`);
}

/** A NIC is always there; the rest is there or not. */
function script(dice: Random): string {
  const chosen = [DOCKER, TABLES, IPTABLES, ROUTES, RULES, NAMESPACES, SYSCTLS, FILES, LOOKALIKES].filter(() =>
    dice.often(70),
  );
  const hosts = dice.one(['\\n', '', '\\r\\n']);
  return [NIC, ...chosen, `printf '192.0.2.1 printer # not ours${hosts}' >>/etc/hosts`].join('\n');
}

/** What makes the NIC of random labs, and the other end of its cable. */
export const NIC = `
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
# Folders of the system, empty or not: who watches them would be lost without them.
mkdir -p /etc/netns /etc/cni/net.d
ip netns add uplink
ip link add name eth9 address 00:11:22:33:44:55 type veth peer name out netns uplink
ip -n uplink addr add 198.51.100.1/24 dev out
ip -n uplink link set dev out up
ip addr add 198.51.100.5/24 dev eth9
ip link set dev eth9 up`;

const DOCKER = `
ip link add name docker0 address 02:42:ac:11:00:01 type bridge
ip addr add 172.18.0.1/16 dev docker0
ip netns add c0ffee
ip link add name veth5e1f address 02:42:00:00:00:01 type veth peer name eth0 netns c0ffee
ip link set dev veth5e1f master docker0 alias 'container c0ffee' up
ip -n c0ffee addr add 172.18.0.2/16 dev eth0
ip -n c0ffee link set dev eth0 up
ip link set dev docker0 up`;

const TABLES = `
nft -f - <<'END'
table ip nat {
  chain DOCKER { iifname "docker0" counter return; }
  chain PREROUTING { type nat hook prerouting priority dstnat; fib daddr type local jump DOCKER; }
  chain POSTROUTING { type nat hook postrouting priority srcnat; ip saddr 172.18.0.0/16 oifname != "docker0" masquerade; }
}
table inet filter {
  set bad { type ipv4_addr; elements = { 203.0.113.66 }; }
  chain forward { type filter hook forward priority filter; ip saddr @bad drop; }
}
END`;

const IPTABLES = `
if command -v iptables-nft >/dev/null; then
  iptables-nft -N DOCKER-USER
  iptables-nft -A DOCKER-USER -s 203.0.113.9 -j RETURN
  iptables-nft -I FORWARD -j DOCKER-USER
fi`;

const ROUTES = `
ip route add default via 198.51.100.1 dev eth9 metric 100 proto static
ip route add 203.0.113.0/24 dev eth9 table 200
ip route add blackhole 172.31.0.0/16
ip neigh add 198.51.100.77 lladdr 00:aa:bb:cc:dd:ee dev eth9 nud permanent`;

const RULES = `
ip rule add from 198.51.100.0/24 lookup 200 priority 500
ip -6 rule add from 2001:db8:9::/64 lookup 201 priority 501`;

const NAMESPACES = `
ip netns add zz-other
ip -n zz-other link set dev lo alias 'netform:v1:other:ffffffff'
ip -n zz-other addr add 10.10.0.1/24 dev lo
mkdir -p /etc/netns/zz-other
echo 'nameserver 192.0.2.53' >/etc/netns/zz-other/resolv.conf
touch /run/netns/dead-file`;

const SYSCTLS = `
echo 1 >/proc/sys/net/ipv4/conf/eth9/forwarding
echo 0 >/proc/sys/net/ipv4/conf/eth9/accept_redirects
echo 2 >/proc/sys/net/ipv4/conf/eth9/rp_filter
echo 1 >/proc/sys/net/ipv6/conf/eth9/forwarding`;

const FILES = `
mkdir -p /etc/cni/net.d
printf '{ "name": "podman", "cniVersion": "1.0.0", "plugins": [] }' >/etc/cni/net.d/87-podman.conflist
printf '10.10.0.250 nas nas.lan\\n' >>/etc/hosts`;

/** What looks as if it were ours, and is not: our protocol number, our group, our words. */
const LOOKALIKES = `
ip route add 10.77.0.0/16 dev eth9 proto 78
ip rule add from 10.78.0.0/16 lookup 100 priority 1000 proto 78
ip link add name lookalike group 20038 address 02:4e:46:00:00:01 type bridge
ip link set dev lookalike alias 'netform:v1:lab:00000000'
nft add table inet netform_lab2
printf '# BEGIN netform:v1:lab:00000000 sha256:0123456789abcdef\\n10.9.9.9 ghost\\n# END netform:v1:lab:00000000\\n' >>/etc/hosts`;
