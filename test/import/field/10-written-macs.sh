#!/bin/bash
ip netns add c1; ip netns add srv
ip link add eth1 netns c1 address aa:bb:cc:dd:ee:01 type veth peer name eth1 netns srv address 02:42:ac:11:00:02
ip -n c1 link set eth1 up; ip -n srv link set eth1 up
ip -n srv addr add 10.1.1.1/24 dev eth1
