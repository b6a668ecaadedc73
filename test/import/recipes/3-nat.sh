#!/bin/bash
# Two namespaces on a bridge that go out through the machine, and port 80 of the machine for one of them.
set -e
ip link add v-net-0 type bridge
ip link set dev v-net-0 up
ip addr add 192.168.15.5/24 dev v-net-0

n=1
for ns in red blue; do
  ip netns add $ns
  ip link add veth-$ns type veth peer name veth-$ns-br
  ip link set veth-$ns netns $ns
  ip link set veth-$ns-br master v-net-0 up
  ip netns exec $ns ip link set lo up
  ip netns exec $ns ip link set veth-$ns up
  ip netns exec $ns ip addr add 192.168.15.$n/24 dev veth-$ns
  ip netns exec $ns ip route add default via 192.168.15.5
  n=$((n + 1))
done

sysctl -w net.ipv4.ip_forward=1
iptables -t nat -A POSTROUTING -s 192.168.15.0/24 -j MASQUERADE
iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 192.168.15.2:80
