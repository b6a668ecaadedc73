#!/bin/bash
# Two namespaces that act as hosts, with a VXLAN over the cable between them.
set -e
for host in h1 h2; do
  ip netns add $host
  ip -n $host link set lo up
done
ip link add eth0 netns h1 type veth peer name eth0 netns h2
ip -n h1 addr add 192.168.50.1/24 dev eth0
ip -n h2 addr add 192.168.50.2/24 dev eth0
ip -n h1 link set eth0 up
ip -n h2 link set eth0 up
ip -n h1 link add vxlan42 type vxlan id 42 dev eth0 remote 192.168.50.2 dstport 4789
ip -n h2 link add vxlan42 type vxlan id 42 dev eth0 remote 192.168.50.1 dstport 4789
ip -n h1 addr add 10.42.0.1/24 dev vxlan42
ip -n h2 addr add 10.42.0.2/24 dev vxlan42
ip -n h1 link set vxlan42 up
ip -n h2 link set vxlan42 up
