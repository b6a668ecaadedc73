#!/bin/bash
# Two namespaces on a bridge, with an address for the machine on the bridge.
set -e
brctl addbr v-net-0
ifconfig v-net-0 192.168.15.5 netmask 255.255.255.0 up

for ns in red blue; do
  sudo ip netns add $ns
  sudo ip link add veth-$ns type veth peer name veth-$ns-br
  sudo ip link set veth-$ns netns $ns
  sudo ip link set veth-$ns-br up
  brctl addif v-net-0 veth-$ns-br
  sudo ip netns exec $ns ip link set lo up
done

ip -n red addr add 192.168.15.1/24 dev veth-red
ip -n blue addr add 192.168.15.2/24 dev veth-blue
ip -n red link set veth-red up
ip -n blue link set veth-blue up
ping -c 1 -W 5 192.168.15.1
