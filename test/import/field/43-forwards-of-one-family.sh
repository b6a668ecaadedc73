#!/bin/bash
ip netns add web
ip link add br0 type bridge
ip addr add 10.9.0.1/24 dev br0; ip -6 addr add fd09::1/64 dev br0 nodad
ip link set br0 up
ip link add p0 type veth peer name eth0 netns web
ip link set p0 master br0 up
ip -n web addr add 10.9.0.2/24 dev eth0; ip -n web -6 addr add fd09::2/64 dev eth0 nodad
ip -n web link set eth0 up
ip -n web route add default via 10.9.0.1; ip -n web -6 route add default via fd09::1
sysctl -qw net.ipv4.ip_forward=1
nft -f - <<'N'
table ip nat { chain pre { type nat hook prerouting priority dstnat;
 fib daddr type local tcp dport 8080 dnat to 10.9.0.2:80
 fib daddr type local tcp dport 8081 dnat to 10.9.0.2:81
 ip daddr 10.9.0.1 tcp dport 9000 dnat to 10.9.0.2:80
 }
}
table ip6 nat { chain pre { type nat hook prerouting priority dstnat;
 fib daddr type local tcp dport 8081 dnat to [fd09::2]:81
 fib daddr type local tcp dport 8082 dnat to [fd09::2]:82
 }
}
N
