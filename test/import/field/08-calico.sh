#!/bin/bash
ip netns add pa
ip link add calia type veth peer name eth0 netns pa
ip link set calia up; ip -n pa link set lo up; ip -n pa link set eth0 up
sysctl -qw net.ipv4.conf.calia.proxy_arp=1
ip -n pa addr add 10.65.0.2/32 dev eth0
ip -n pa route add 169.254.1.1 dev eth0
ip -n pa route add default via 169.254.1.1 dev eth0
ip route add 10.65.0.2 dev calia
