# host
ip link set dev br-old alias netform:v1:rich:b8cc407d group 20038
ip link add name lan address 02:4e:46:ac:96:d2 mtu 1400 group 20038 type bridge stp_state 0 ageing_time 60000 forward_delay 1500 priority 4096 mcast_snooping 1
ip link add name quiet address 02:4e:46:e5:ff:b7 mtu 1500 group 20038 type bridge stp_state 1 ageing_time 30000 forward_delay 200 priority 32768 mcast_snooping 1
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
			tcp . 8443 : 10.1.1.10 . 443,
			tcp . 8080 : 10.20.0.11 . 80
		}
	}
	set hairpin4 {
		type ipv4_addr . ipv4_addr
		flags interval
		elements = {
			127.0.0.0/8 . 10.1.1.10,
			10.20.0.0/24 . 10.20.0.3,
			127.0.0.0/8 . 10.20.0.11,
			10.20.0.0/24 . 10.20.0.11
		}
	}
	map forward6 {
		type inet_proto . inet_service : ipv6_addr . inet_service
		elements = {
			tcp . 8080 : fd00:20::11 . 80
		}
	}
	set hairpin6 {
		type ipv6_addr . ipv6_addr
		flags interval
		elements = {
			fd00:20::/64 . fd00:20::11
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
		meta nfproto ipv4 fib daddr type local udp dport 9000-9009 dnat ip to 10.20.0.11
		ip6 daddr != ::1 fib daddr type local dnat ip6 to meta l4proto . th dport map @forward6
		meta nfproto ipv6 ip6 daddr != ::1 fib daddr type local udp dport 9000-9009 dnat ip6 to fd00:20::11
	}
}
EOF
ip rule add from 10.70.0.0/24 table 7 priority 1100 protocol 78
sysctl -qw net/ipv4/ip_forward=1
sysctl -qw net/ipv6/conf/all/forwarding=1

# files
install -d -m 755 /etc/cni/net.d
set -C
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
        "subnet": "10.22.0.0/16"
      }
    }
  ]
}
EOF
set +C
install -d -m 755 /etc
test ! -e /etc/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/hosts
test -z "$(tail -c 1 /etc/hosts 2>/dev/null)" || echo >> /etc/hosts
cat >> /etc/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:d04c77ceae857b53
10.20.0.11 web-with-a-very-long-name
fd00:20::11 web-with-a-very-long-name
10.20.0.2 router
fd00:20::2 router
10.20.0.3 peer
fd00:20::3 peer
10.1.1.10 a
fd00:1::10 a
10.1.9.2 a
10.70.0.2 old-guest
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF

# a
ip netns add a
ip -n a link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec a sysctl -qw \
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
ip -n a link set dev lo up

# lonely
ip netns add lonely
ip -n lonely link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec lonely sysctl -qw \
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
ip -n lonely link set dev lo up

# old-guest
ip netns add old-guest
ip -n old-guest link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec old-guest sysctl -qw \
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
ip -n old-guest link set dev lo up

# peer
ip netns add peer
ip -n peer link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec peer sysctl -qw \
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
  net/ipv4/ip_forward=1 \
  net/ipv6/conf/all/forwarding=1
ip -n peer link set dev lo up

# router
ip netns add router
ip -n router link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec router sysctl -qw \
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
  net/ipv4/ip_forward=1 \
  net/ipv6/conf/all/forwarding=1 \
  net/ipv4/fib_multipath_hash_policy=1
ip -n router link set dev lo up

# web-with-a-very-long-name
ip netns add web-with-a-very-long-name
ip -n web-with-a-very-long-name link set dev lo alias netform:v1:rich:b8cc407d
ip netns exec web-with-a-very-long-name sysctl -qw \
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
  net/ipv4/ip_forward=1 \
  net/ipv6/conf/all/forwarding=1
ip -n web-with-a-very-long-name link set dev lo up

# host
ip link set dev br-old mtu 1500
ip link set dev br-old type bridge ageing_time 30000 mcast_snooping 0
sysctl -qw net/ipv6/conf/lan/accept_ra=0
sysctl -qw net/ipv6/conf/lan/accept_dad=0
sysctl -qw net/ipv4/conf/lan/promote_secondaries=1
sysctl -qw net/ipv6/conf/quiet/accept_ra=0
sysctl -qw net/ipv6/conf/quiet/accept_dad=0
sysctl -qw net/ipv4/conf/quiet/promote_secondaries=1
ip link set dev lan alias netform:v1:rich:b8cc407d up
ip link set dev quiet alias netform:v1:rich:b8cc407d up
ip address add 198.51.100.20/24 dev eth1
ip address add 10.20.0.1/24 dev lan
ip address add fd00:20::1/64 dev lan nodad
ip neighbour replace 10.70.0.99 lladdr 02:00:00:00:00:98 dev br-old protocol 78 nud permanent
sysctl -qw net/ipv4/conf/lan/route_localnet=1
sysctl -qw net/ipv4/conf/lan/rp_filter=2
ip link add name old-guest-eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:2d:be:38 mtu 1500 master br-old group 20038 type veth peer name eth0 netns old-guest numtxqueues 1 numrxqueues 1 address 02:4e:46:53:9f:06 mtu 1500 group 20038
ip link add name peer-eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:c6:bd:5a mtu 1400 master lan group 20038 type veth peer name eth0 netns peer numtxqueues 1 numrxqueues 1 address 02:4e:46:8c:e9:d4 mtu 1400 group 20038
ip link add name router-eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:c5:fb:6c mtu 1400 master lan group 20038 type veth peer name eth0 netns router numtxqueues 1 numrxqueues 1 address 02:4e:46:e2:02:54 mtu 1400 group 20038
ip link add name web-with-1fdf0a numtxqueues 1 numrxqueues 1 address 02:4e:46:9a:9d:7d mtu 1400 master lan group 20038 type veth peer name eth0 netns web-with-a-very-long-name numtxqueues 1 numrxqueues 1 address 02:00:00:00:00:11 mtu 1400 group 20038

# files
install -d -m 755 /etc/netns/a
test ! -e /etc/netns/a/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/a/hosts
test -z "$(tail -c 1 /etc/netns/a/hosts 2>/dev/null)" || echo >> /etc/netns/a/hosts
cat >> /etc/netns/a/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/a
test ! -e /etc/netns/a/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/a/resolv.conf
test -z "$(tail -c 1 /etc/netns/a/resolv.conf 2>/dev/null)" || echo >> /etc/netns/a/resolv.conf
cat >> /etc/netns/a/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/a
test ! -e /etc/netns/a/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/a/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/a/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/a/nsswitch.conf
cat >> /etc/netns/a/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/lonely
test ! -e /etc/netns/lonely/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/hosts
test -z "$(tail -c 1 /etc/netns/lonely/hosts 2>/dev/null)" || echo >> /etc/netns/lonely/hosts
cat >> /etc/netns/lonely/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/lonely
test ! -e /etc/netns/lonely/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/resolv.conf
test -z "$(tail -c 1 /etc/netns/lonely/resolv.conf 2>/dev/null)" || echo >> /etc/netns/lonely/resolv.conf
cat >> /etc/netns/lonely/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/lonely
test ! -e /etc/netns/lonely/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/lonely/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/lonely/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/lonely/nsswitch.conf
cat >> /etc/netns/lonely/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/old-guest
test ! -e /etc/netns/old-guest/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/old-guest/hosts
test -z "$(tail -c 1 /etc/netns/old-guest/hosts 2>/dev/null)" || echo >> /etc/netns/old-guest/hosts
cat >> /etc/netns/old-guest/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/old-guest
test ! -e /etc/netns/old-guest/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/old-guest/resolv.conf
test -z "$(tail -c 1 /etc/netns/old-guest/resolv.conf 2>/dev/null)" || echo >> /etc/netns/old-guest/resolv.conf
cat >> /etc/netns/old-guest/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/old-guest
test ! -e /etc/netns/old-guest/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/old-guest/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/old-guest/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/old-guest/nsswitch.conf
cat >> /etc/netns/old-guest/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/peer
test ! -e /etc/netns/peer/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/peer/hosts
test -z "$(tail -c 1 /etc/netns/peer/hosts 2>/dev/null)" || echo >> /etc/netns/peer/hosts
cat >> /etc/netns/peer/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:7f5b56977d9e7933
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.11 web-with-a-very-long-name
fd00:20::11 web-with-a-very-long-name
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
10.20.0.1 host
fd00:20::1 host
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/peer
test ! -e /etc/netns/peer/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/peer/resolv.conf
test -z "$(tail -c 1 /etc/netns/peer/resolv.conf 2>/dev/null)" || echo >> /etc/netns/peer/resolv.conf
cat >> /etc/netns/peer/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/peer
test ! -e /etc/netns/peer/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/peer/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/peer/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/peer/nsswitch.conf
cat >> /etc/netns/peer/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/router
test ! -e /etc/netns/router/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/router/hosts
test -z "$(tail -c 1 /etc/netns/router/hosts 2>/dev/null)" || echo >> /etc/netns/router/hosts
cat >> /etc/netns/router/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/router
test ! -e /etc/netns/router/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/router/resolv.conf
test -z "$(tail -c 1 /etc/netns/router/resolv.conf 2>/dev/null)" || echo >> /etc/netns/router/resolv.conf
cat >> /etc/netns/router/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:7ce4fa1eb0513287
nameserver 10.1.0.53
nameserver fd00::53
search lab.test
options ndots:2
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/router
test ! -e /etc/netns/router/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/router/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/router/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/router/nsswitch.conf
cat >> /etc/netns/router/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/web-with-a-very-long-name
test ! -e /etc/netns/web-with-a-very-long-name/hosts || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/web-with-a-very-long-name/hosts
test -z "$(tail -c 1 /etc/netns/web-with-a-very-long-name/hosts 2>/dev/null)" || echo >> /etc/netns/web-with-a-very-long-name/hosts
cat >> /etc/netns/web-with-a-very-long-name/hosts <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:69f6c34ba12c29f2
127.0.0.1 localhost
::1 localhost ip6-localhost
10.20.0.77 db.lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/web-with-a-very-long-name
test ! -e /etc/netns/web-with-a-very-long-name/resolv.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/web-with-a-very-long-name/resolv.conf
test -z "$(tail -c 1 /etc/netns/web-with-a-very-long-name/resolv.conf 2>/dev/null)" || echo >> /etc/netns/web-with-a-very-long-name/resolv.conf
cat >> /etc/netns/web-with-a-very-long-name/resolv.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:ebff2a84be6f582e
search lab.test
# END netform:v1:rich:b8cc407d
EOF
install -d -m 755 /etc/netns/web-with-a-very-long-name
test ! -e /etc/netns/web-with-a-very-long-name/nsswitch.conf || sed -i '/^# BEGIN netform:v1:rich:b8cc407d /,/^# END netform:v1:rich:b8cc407d$/d' /etc/netns/web-with-a-very-long-name/nsswitch.conf
test -z "$(tail -c 1 /etc/netns/web-with-a-very-long-name/nsswitch.conf 2>/dev/null)" || echo >> /etc/netns/web-with-a-very-long-name/nsswitch.conf
cat >> /etc/netns/web-with-a-very-long-name/nsswitch.conf <<'EOF'
# BEGIN netform:v1:rich:b8cc407d sha256:99c65fce63d373ec
hosts: files dns
# END netform:v1:rich:b8cc407d
EOF

# a
ip -n a link add name eth0 numtxqueues 1 numrxqueues 1 address 02:4e:46:2c:38:2f mtu 1300 group 20038 type veth peer name to-a netns router numtxqueues 1 numrxqueues 1 address 02:4e:46:04:8c:2b mtu 1300 group 20038
ip -n a link add name eth1 numtxqueues 1 numrxqueues 1 address 02:4e:46:3c:3a:9c mtu 1500 group 20038 type veth peer name spare netns router numtxqueues 1 numrxqueues 1 address 02:4e:46:e2:88:8c mtu 1500 group 20038

# peer
ip -n peer link add name up0 numtxqueues 1 numrxqueues 1 address 02:4e:46:d9:e1:f7 mtu 9000 group 20038 type veth peer name to-peer netns $$ numtxqueues 1 numrxqueues 1 address 02:4e:46:89:d4:44 mtu 9000 group 20038

# router
ip -n router address add 10.10.10.1/32 dev lo
ip -n router link add name cni0 address 02:4e:46:63:d3:a2 mtu 1350 group 20038 type bridge stp_state 0 ageing_time 30000 forward_delay 1500 priority 32768 mcast_snooping 1
ip netns exec router nft -f - <<'EOF'
table inet netform_rich
delete table inet netform_rich
table inet netform_rich {
	set marker {
		type ipv4_addr
		comment "netform:v1:rich:b8cc407d"
	}
	map forward4 {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = {
			tcp . 53 : 10.1.1.10 . 53,
			udp . 53 : 10.1.1.10 . 53
		}
	}
	set hairpin4 {
		type ipv4_addr . ipv4_addr
		flags interval
		elements = {
			127.0.0.0/8 . 10.1.1.10,
			10.1.1.0/24 . 10.1.1.10
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
		oifname "eth0" ip saddr 10.1.1.0/24 ip daddr != 10.1.1.0/24 masquerade
	}
	chain forwards {
		fib daddr type local dnat ip to meta l4proto . th dport map @forward4
	}
}
EOF
ip -n router route add blackhole 172.16.42.42/32 proto 78
ip -n router -6 route add unreachable fd00:66::/64 proto 78 metric 1024
ip -n router rule add from 10.1.1.0/24 table 100 priority 1000 protocol 78
ip -n router -6 rule add from fd00:1::/64 fwmark 0x10/0xff table 100 priority 1001 protocol 78
ip -n router rule add to 10.66.0.0/16 prohibit priority 1002 protocol 78

# a
ip -n a link set dev eth0 alias netform:v1:rich:b8cc407d up
ip -n a link set dev eth1 alias netform:v1:rich:b8cc407d up

# router
ip -n router link set dev to-a alias netform:v1:rich:b8cc407d up
ip -n router link set dev spare alias netform:v1:rich:b8cc407d down
ip -n router link set dev cni0 alias netform:v1:rich:b8cc407d up

# host
sysctl -qw net/ipv6/conf/old-guest-eth0/accept_ra=0
sysctl -qw net/ipv6/conf/old-guest-eth0/accept_dad=0
sysctl -qw net/ipv4/conf/old-guest-eth0/promote_secondaries=1
sysctl -qw net/ipv6/conf/peer-eth0/accept_ra=0
sysctl -qw net/ipv6/conf/peer-eth0/accept_dad=0
sysctl -qw net/ipv4/conf/peer-eth0/promote_secondaries=1
sysctl -qw net/ipv6/conf/to-peer/accept_ra=0
sysctl -qw net/ipv6/conf/to-peer/accept_dad=0
sysctl -qw net/ipv4/conf/to-peer/promote_secondaries=1
sysctl -qw net/ipv6/conf/router-eth0/accept_ra=0
sysctl -qw net/ipv6/conf/router-eth0/accept_dad=0
sysctl -qw net/ipv4/conf/router-eth0/promote_secondaries=1
sysctl -qw net/ipv6/conf/web-with-1fdf0a/accept_ra=0
sysctl -qw net/ipv6/conf/web-with-1fdf0a/accept_dad=0
sysctl -qw net/ipv4/conf/web-with-1fdf0a/promote_secondaries=1
ip link set dev old-guest-eth0 alias netform:v1:rich:b8cc407d up
ip link set dev peer-eth0 alias netform:v1:rich:b8cc407d up
ip link set dev to-peer alias netform:v1:rich:b8cc407d up
ip link set dev router-eth0 alias netform:v1:rich:b8cc407d up
ip link set dev web-with-1fdf0a alias 'netform:v1:rich:b8cc407d web-with-a-very-long-name-eth0' up

# old-guest
ip -n old-guest link set dev eth0 alias netform:v1:rich:b8cc407d up

# peer
ip -n peer link set dev eth0 alias netform:v1:rich:b8cc407d up
ip -n peer link set dev up0 alias netform:v1:rich:b8cc407d up

# router
ip -n router link set dev eth0 alias netform:v1:rich:b8cc407d up

# web-with-a-very-long-name
ip -n web-with-a-very-long-name link set dev eth0 alias netform:v1:rich:b8cc407d up

# host
ip link set dev peer-eth0 type bridge_slave hairpin on
ip link set dev web-with-1fdf0a type bridge_slave hairpin on
ip address add 10.99.0.1/30 dev to-peer
ip route add default proto 78 table 7 via 198.51.100.9 dev eth1
ip route add 10.1.1.0/24 proto 78 via 10.20.0.2 dev lan

# a
ip -n a address add 10.1.1.10/24 dev eth0
ip -n a address add fd00:1::10/64 dev eth0 nodad
ip -n a address add 10.1.9.2/24 dev eth1

# old-guest
ip -n old-guest address add 10.70.0.2/24 dev eth0

# peer
ip -n peer address add 10.20.0.3/24 dev eth0
ip -n peer address add fd00:20::3/64 dev eth0 nodad
ip -n peer link add name vx0 address 02:4e:46:c7:bb:c4 mtu 1350 group 20038 type vxlan id 42 remote 10.20.0.2 dev eth0 dstport 4789

# router
ip -n router address add 10.244.0.1/24 dev cni0
ip -n router address add fd00:244::1/64 dev cni0 nodad
ip -n router address add 10.20.0.2/24 dev eth0
ip -n router address add fd00:20::2/64 dev eth0 nodad
ip -n router address add 10.1.9.1/24 dev spare
ip -n router address add 10.1.1.1/24 dev to-a
ip -n router address add fd00:1::1/64 dev to-a nodad
ip -n router neighbour replace 10.20.0.99 lladdr 02:00:00:00:00:99 dev eth0 protocol 78 nud permanent
ip -n router neighbour replace fd00:20::99 lladdr 02:00:00:00:00:99 dev eth0 protocol 78 nud permanent
ip netns exec router sysctl -qw net/ipv4/conf/to-a/proxy_arp=1
ip netns exec router sysctl -qw net/ipv4/conf/to-a/route_localnet=1
ip -n router link add name vx0 address 02:4e:46:b9:fd:00 mtu 1350 master cni0 group 20038 type vxlan id 42 remote 10.20.0.3 local 10.20.0.2 dev eth0 dstport 4789

# web-with-a-very-long-name
ip -n web-with-a-very-long-name address add 10.20.0.11/24 dev eth0
ip -n web-with-a-very-long-name address add fd00:20::11/64 dev eth0 nodad

# peer
ip -n peer link set dev vx0 alias netform:v1:rich:b8cc407d up

# router
ip -n router link set dev vx0 alias netform:v1:rich:b8cc407d up

# a
ip -n a route add default proto 78 via 10.1.1.1 dev eth0

# old-guest
ip -n old-guest route add default proto 78 via 10.70.0.1 dev eth0

# peer
ip -n peer address add 10.244.0.200/24 dev vx0
ip -n peer -6 route add default proto 78 metric 1024 via fd00:20::1 dev eth0
ip -n peer route add default proto 78 via 10.20.0.1 dev eth0

# router
ip -n router route add 10.8.0.0/16 proto 78 table 100 src 10.20.0.2 via 10.20.0.3 dev eth0
ip -n router route add 10.9.0.0/16 proto 78 metric 50 nexthop via 10.20.0.11 dev eth0 weight 1 nexthop via 10.20.0.3 dev eth0 weight 2
ip -n router -6 route add default proto 78 metric 1024 via fd00:20::1 dev eth0
ip -n router route add default proto 78 via 10.20.0.1 dev eth0
ip -n router -6 route add fd00:9::/64 proto 78 metric 1024 mtu 1280 via fd00:20::3 dev eth0

# web-with-a-very-long-name
ip -n web-with-a-very-long-name -6 route add default proto 78 metric 1024 via fd00:20::1 dev eth0
ip -n web-with-a-very-long-name route add default proto 78 via 10.20.0.1 dev eth0
