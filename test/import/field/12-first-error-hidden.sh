#!/bin/bash
ip netns add ns1
ip link add dummy0 type dummy
ip link add mv1 link dummy0 type macvlan mode bridge
ip link set mv1 netns ns1
ip -n ns1 addr add 192.168.20.2/24 dev mv1
ip -n ns1 link set mv1 up
