#!/bin/bash
ip netns add a; ip netns add b
ip link add eth0 netns a type veth peer name eth0 netns b
ip -n a addr add 10.1.0.2/24 dev eth0; ip -n b addr add 10.1.0.3/24 dev eth0; ip -n a link set eth0 up; ip -n b link set eth0 up
ip -n a rule add ipproto tcp dport 80 table 100 pref 100
ip -n a rule add not from 10.1.0.0/24 table 101 pref 101
ip -n a rule add dsfield 0x10 table 102 pref 102
ip -n a rule add uidrange 1000-1000 table 103 pref 103
ip -n a rule add lookup main suppress_prefixlength 0 pref 105
ip -n a rule add pref 104 goto 105
ip -n a route add throw 10.23.0.0/16 table 100
