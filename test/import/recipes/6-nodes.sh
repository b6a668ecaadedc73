#!/bin/bash
# Two nodes with a bridge for their pods each, and routes between the nodes.
set -e
ip link add underlay type bridge
ip link set underlay up

for n in 1 2; do
  ip netns add node-$n
  ip link add eth0 netns node-$n type veth peer name node-$n-eth0
  ip link set node-$n-eth0 master underlay up
  ip -n node-$n link set lo up
  ip -n node-$n addr add 192.168.1.1$n/24 dev eth0
  ip -n node-$n link set eth0 up
  ip netns exec node-$n sysctl -qw net.ipv4.ip_forward=1

  ip -n node-$n link add cni0 type bridge
  ip -n node-$n addr add 10.244.$n.1/24 dev cni0
  ip -n node-$n link set cni0 up

  ip netns add pod-$n
  ip link add eth0 netns pod-$n type veth peer name vethpod netns node-$n
  ip -n node-$n link set vethpod master cni0 up
  ip -n pod-$n link set lo up
  ip -n pod-$n addr add 10.244.$n.2/24 dev eth0
  ip -n pod-$n link set eth0 up
  ip -n pod-$n route add default via 10.244.$n.1
done

ip -n node-1 route add 10.244.2.0/24 via 192.168.1.12
ip -n node-2 route add 10.244.1.0/24 via 192.168.1.11
ip netns exec pod-1 ping -c 1 -W 5 10.244.2.2
