# host
ip route delete default proto 78 table 7 via 198.51.100.9 dev eth1

# peer
ip -n peer link delete dev vx0

# router
ip -n router link delete dev vx0

# files
test ! -e /etc/netns/lonely/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/hosts
test -s /etc/netns/lonely/hosts || rm -f /etc/netns/lonely/hosts && rmdir --ignore-fail-on-non-empty /etc/netns/lonely
test ! -e /etc/netns/lonely/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/resolv.conf
test -s /etc/netns/lonely/resolv.conf || rm -f /etc/netns/lonely/resolv.conf && rmdir --ignore-fail-on-non-empty /etc/netns/lonely
test ! -e /etc/netns/lonely/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/nsswitch.conf
test -s /etc/netns/lonely/nsswitch.conf || rm -f /etc/netns/lonely/nsswitch.conf && rmdir --ignore-fail-on-non-empty /etc/netns/lonely

# router
ip -n router -6 route delete unreachable fd00:66::/64 proto 78 metric 1024
ip -n router rule delete to 10.66.0.0/16 prohibit priority 1002 protocol 78

# lonely
ip netns delete lonely

# host
ip link set dev lan mtu 1380
ip link set dev lan type bridge ageing_time 50000
ip link set dev quiet type bridge stp_state 0 forward_delay 1500
nft -f - <<'EOF'
table inet netform_rich
delete table inet netform_rich
table inet netform_rich {
	set marker {
		type ipv4_addr
		comment "netform:v1:rich:b8cc407d"
	}
	map listen4 {
		type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
		elements = {
			198.51.100.20 . tcp . 2222 : 10.20.0.3 . 22
		}
	}
	map forward4 {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = {
			tcp . 8444 : 10.1.1.10 . 443,
			tcp . 8080 : 10.20.0.12 . 80
		}
	}
	set hairpin4 {
		type ipv4_addr . ipv4_addr
		flags interval
		elements = {
			127.0.0.0/8 . 10.1.1.10,
			10.20.0.0/24 . 10.20.0.3,
			127.0.0.0/8 . 10.20.0.12,
			10.20.0.0/24 . 10.20.0.12
		}
	}
	map forward6 {
		type inet_proto . inet_service : ipv6_addr . inet_service
		elements = {
			tcp . 8080 : fd00:20::12 . 80
		}
	}
	set hairpin6 {
		type ipv6_addr . ipv6_addr
		flags interval
		elements = {
			fd00:20::/64 . fd00:20::12
		}
	}
	chain guard {
		type filter hook prerouting priority raw; policy accept;
		iifname != "lo" ip daddr 127.0.0.0/8 drop
	}
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		jump forwards
	}
	chain output {
		type nat hook output priority -100; policy accept;
		jump forwards
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ct status dnat ip saddr . ip daddr @hairpin4 masquerade
		ct status dnat ip6 saddr . ip6 daddr @hairpin6 masquerade
		oifname "eth1" ip saddr 10.20.0.0/24 ip daddr != 10.20.0.0/24 ip daddr != 10.244.0.0/16 masquerade
		oifname "eth1" ip6 saddr fd00:20::/64 ip6 daddr != fd00:20::/64 masquerade
		oifname "eth1" ip saddr 10.70.0.0/24 ip daddr != 10.70.0.0/24 meta l4proto { tcp, udp } snat ip to 198.51.100.20:10000-10999
		oifname "eth1" ip saddr 10.70.0.0/24 ip daddr != 10.70.0.0/24 snat ip to 198.51.100.20
	}
	chain forwards {
		dnat ip to ip daddr . meta l4proto . th dport map @listen4
		fib daddr type local dnat ip to meta l4proto . th dport map @forward4
		meta nfproto ipv4 fib daddr type local udp dport 9000-9009 dnat ip to 10.20.0.12
		ip6 daddr != ::1 fib daddr type local dnat ip6 to meta l4proto . th dport map @forward6
		meta nfproto ipv6 ip6 daddr != ::1 fib daddr type local udp dport 9000-9009 dnat ip6 to fd00:20::12
	}
}
EOF

# files
install -d -m 755 /etc/cni/net.d
cat > /etc/cni/net.d/10-mynet.conflist <<'EOF'
{
  "cniVersion": "1.0.0",
  "name": "mynet",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "mynet0",
      "ipam": {
        "type": "host-local",
        "subnet": "10.23.0.0/16"
      }
    }
  ]
}
EOF
install -d -m 755 /etc
test ! -e /etc/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/hosts
test -z "$(tail -c 1 /etc/hosts 2>/dev/null)" || echo >> /etc/hosts
cat >> /etc/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:cfb53fe6b5804814
10.20.0.12 web-with-a-very-long-name
fd00:20::12 web-with-a-very-long-name
10.20.0.2 router
fd00:20::2 router
10.20.0.3 peer
fd00:20::3 peer
10.1.1.10 a
fd00:1::10 a
10.1.9.2 a
10.70.0.2 old-guest
10.20.0.30 late
fd00:20::30 late
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF

# late
ip netns add late
ip -n late link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec late sysctl -qw \
  net/ipv6/conf/all/disable_ipv6=0 \
  net/ipv6/conf/default/disable_ipv6=0 \
  net/ipv6/conf/all/accept_ra=0 \
  net/ipv6/conf/default/accept_ra=0 \
  net/ipv6/conf/all/accept_dad=0 \
  net/ipv6/conf/default/accept_dad=0 \
  net/ipv6/conf/all/keep_addr_on_down=1 \
  net/ipv6/conf/default/keep_addr_on_down=1 \
  net/ipv4/conf/all/promote_secondaries=1 \
  net/ipv4/conf/default/promote_secondaries=1 \
  net/ipv4/conf/all/rp_filter=0 \
  net/ipv4/conf/default/rp_filter=0 \
  net/ipv4/conf/all/route_localnet=0 \
  net/ipv4/ip_forward=0 \
  net/ipv6/conf/all/forwarding=0
ip -n late link set dev lo up

# host
conntrack -D -f ipv4 -p tcp --orig-port-dst 8443 --reply-port-src 443 --dst-nat 10.1.1.10 2>/dev/null || :
for at in $(seq 0 9); do conntrack -D -f ipv4 -p udp --orig-port-dst $((9000 + at)) --reply-port-src $((9000 + at)) --dst-nat 10.20.0.11 2>/dev/null || :; done
for at in $(seq 0 9); do conntrack -D -f ipv6 -p udp --orig-port-dst $((9000 + at)) --reply-port-src $((9000 + at)) --dst-nat fd00:20::11 2>/dev/null || :; done
conntrack -D -f ipv4 -p tcp --orig-port-dst 8080 --reply-port-src 80 --dst-nat 10.20.0.11 2>/dev/null || :
conntrack -D -f ipv6 -p tcp --orig-port-dst 8080 --reply-port-src 80 --dst-nat fd00:20::11 2>/dev/null || :
for at in $(seq 0 9); do for address in $(ip -4 -o address | awk '{ sub("/.*", "", $4); print $4 }'); do conntrack -D -f ipv4 -p udp -d $address --orig-port-dst $((9000 + at)) -r $address 2>/dev/null || :; done; done
for at in $(seq 0 9); do for address in $(ip -6 -o address | awk '{ sub("/.*", "", $4); print $4 }'); do conntrack -D -f ipv6 -p udp -d $address --orig-port-dst $((9000 + at)) -r $address 2>/dev/null || :; done; done

# files
install -d -m 755 /etc/netns/late
test ! -e /etc/netns/late/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/late/hosts
test -z "$(tail -c 1 /etc/netns/late/hosts 2>/dev/null)" || echo >> /etc/netns/late/hosts
cat >> /etc/netns/late/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/late
test ! -e /etc/netns/late/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/late/resolv.conf
test -z "$(tail -c 1 /etc/netns/late/resolv.conf 2>/dev/null)" || echo >> /etc/netns/late/resolv.conf
cat >> /etc/netns/late/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/late
test ! -e /etc/netns/late/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/late/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/late/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/late/nsswitch.conf
cat >> /etc/netns/late/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/peer
test ! -e /etc/netns/peer/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/peer/hosts
test -z "$(tail -c 1 /etc/netns/peer/hosts 2>/dev/null)" || echo >> /etc/netns/peer/hosts
cat >> /etc/netns/peer/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:d3763e67faab1b49
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.12 web-with-a-very-long-name
fd00:20::12 web-with-a-very-long-name
10.20.0.2 router
fd00:20::2 router
10.244.0.1 router
fd00:244::1 router
10.20.0.3 peer
fd00:20::3 peer
10.244.0.200 peer
10.1.1.10 a
fd00:1::10 a
10.1.9.2 a
10.70.0.2 old-guest
10.20.0.30 late
fd00:20::30 late
10.20.0.1 host
fd00:20::1 host
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/router
test ! -e /etc/netns/router/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/router/resolv.conf
test -z "$(tail -c 1 /etc/netns/router/resolv.conf 2>/dev/null)" || echo >> /etc/netns/router/resolv.conf
cat >> /etc/netns/router/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:7e85cb87f39af55f
nameserver 10.1.0.53
nameserver fd00::53
search lab.test
options ndots:3
# END netform:v1:rich:b8cc407d
EOF

# host
ip link add name late-eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:ee:ea:b8 mtu 1380 master lan group 20038 type veth peer name eth0 netns late numtxqueues 1 numrxqueues 1 address 02:4e:46:21:96:aa mtu 1380 group 20038
ip link set dev peer-eth0 mtu 1380
ip link set dev router-eth0 mtu 1380
ip link set dev web-with-1fdf0a mtu 1380

# peer
ip -n peer link set dev eth0 mtu 1380

# router
ip -n router link set dev cni0 mtu 1330
ip -n router rule add to 10.66.0.0/16 blackhole priority 1002 protocol 78
ip -n router link set dev eth0 mtu 1380

# web-with-a-very-long-name
ip -n web-with-a-very-long-name link set dev eth0 mtu 1380

# host
sysctl -qw net/ipv6/conf/late-eth0/accept_ra=0
sysctl -qw net/ipv6/conf/late-eth0/accept_dad=0
sysctl -qw net/ipv4/conf/late-eth0/promote_secondaries=1
ip link set dev late-eth0 alias netform:v1:rich:b8cc407d up

# late
ip -n late link set dev eth0 alias netform:v1:rich:b8cc407d up
ip -n late address add 10.20.0.30/24 dev eth0
ip -n late address add fd00:20::30/64 dev eth0 nodad

# peer
ip -n peer link add name vx0 address 02:4e:46:c7:bb:c4 mtu 1330 group 20038 type vxlan id 42 remote 10.20.0.2 dev eth0 dstport 8472

# router
ip -n router neighbour replace 10.20.0.99 lladdr 02:00:00:00:00:97 dev eth0 protocol 78 nud permanent
ip netns exec router sysctl -qw net/ipv4/conf/to-a/proxy_arp=0
ip -n router link add name vx0 address 02:4e:46:b9:fd:00 mtu 1330 master cni0 group 20038 type vxlan id 42 remote 10.20.0.3 local 10.20.0.2 dev eth0 dstport 8472

# web-with-a-very-long-name
ip -n web-with-a-very-long-name address add 10.20.0.12/24 dev eth0
ip -n web-with-a-very-long-name address add fd00:20::12/64 dev eth0 nodad

# peer
ip -n peer link set dev vx0 alias netform:v1:rich:b8cc407d up

# router
ip -n router link set dev vx0 alias netform:v1:rich:b8cc407d up

# web-with-a-very-long-name
ip -n web-with-a-very-long-name address delete 10.20.0.11/24 dev eth0
ip -n web-with-a-very-long-name address delete fd00:20::11/64 dev eth0

# late
ip -n late -6 route add default proto 78 metric 1024 via fd00:20::1 dev eth0
ip -n late route add default proto 78 via 10.20.0.1 dev eth0

# peer
ip -n peer address add 10.244.0.200/24 dev vx0

# router
ip -n router route replace 10.9.0.0/16 proto 78 metric 50 nexthop via 10.20.0.12 dev eth0 weight 1 nexthop via 10.20.0.3 dev eth0 weight 2
