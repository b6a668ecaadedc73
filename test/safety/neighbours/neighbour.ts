import type { Machine } from '../../support/machine.ts';

/** A container `box` of another program behind its bridge `docker0`, and a place `out` behind the machine's link `ext0`. */
export const container = `set -e
  for name in box out; do ip netns add $name; ip -n $name link set lo up; done
  ip link add docker0 type bridge; ip addr add 172.17.0.1/16 dev docker0; ip link set docker0 up
  ip link add vethbox type veth peer name eth0 netns box; ip link set vethbox master docker0 up
  ip -n box addr add 172.17.0.2/16 dev eth0; ip -n box link set eth0 up; ip -n box route add default via 172.17.0.1
  ip link add ext0 type veth peer name eth0 netns out; ip addr add 198.51.100.1/24 dev ext0; ip link set ext0 up
  ip -n out addr add 198.51.100.2/24 dev eth0; ip -n out link set eth0 up`;

/** The rules of a Docker that publishes port 9090 of `box`. */
export const dockerRules = `set -e
  iptables-nft -t nat -N DOCKER; iptables-nft -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  iptables-nft -t nat -A DOCKER ! -i docker0 -p tcp --dport 9090 -j DNAT --to-destination 172.17.0.2:80
  iptables-nft -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  iptables-nft -N DOCKER; iptables-nft -A FORWARD -o docker0 -j DOCKER; iptables-nft -A FORWARD -i docker0 -j ACCEPT
  iptables-nft -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT`;

/** One sysctl of the machine. */
export const sysctl = async (m: Machine, key: string): Promise<string> => (await m.must(`sysctl -n ${key}`)).trim();
