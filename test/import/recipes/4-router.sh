#!/bin/sh
# A and C in two subnets, B between them.
set -e
for ns in A B C; do
  ip netns add $ns
  ip -n $ns link set lo up
done
ip link add eth0 netns A type veth peer name eth0 netns B
ip link add eth0 netns C type veth peer name eth1 netns B

ip netns exec A ifconfig eth0 192.168.1.5/24 up
ip netns exec B ifconfig eth0 192.168.1.6/24 up
ip netns exec B ifconfig eth1 192.168.2.6/24 up
ip netns exec C ifconfig eth0 192.168.2.5/24 up

ip netns exec A route add -net 192.168.2.0 netmask 255.255.255.0 gw 192.168.1.6
ip netns exec C ip route add 192.168.1.0/24 via 192.168.2.6
ip netns exec B sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
ip netns exec A ping -c 1 -W 5 192.168.2.5
