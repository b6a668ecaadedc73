#!/bin/bash
# Pods on two nodes; the bridges of the nodes are one LAN over a VXLAN, as Flannel and Docker make it.
set -e
for ns in node1 node2 pod1 pod2; do
  ip netns add $ns
  ip -n $ns link set lo up
done
ip link add eth0 netns node1 type veth peer name eth0 netns node2
for i in 1 2; do
  ip -n node$i addr add 172.16.0.$i/24 dev eth0
  ip -n node$i link set eth0 up
  ip -n node$i link add br0 type bridge
  ip -n node$i link set br0 up
  ip -n node$i link add vxlan100 type vxlan id 100 local 172.16.0.$i remote 172.16.0.$((3 - i)) dev eth0 dstport 8472
  ip -n node$i link set vxlan100 master br0
  ip -n node$i link set vxlan100 up
  ip link add veth0 netns node$i type veth peer name eth0 netns pod$i
  ip -n node$i link set veth0 master br0
  ip -n node$i link set veth0 up
  ip -n pod$i addr add 10.200.0.1$i/24 dev eth0
  ip -n pod$i link set eth0 up
done
