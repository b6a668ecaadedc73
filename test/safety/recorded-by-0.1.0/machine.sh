# The machine before the lab: what netform must leave alone, a bridge that the lab adopts, a NIC that it adds to.
set -eu
ip netns add outside
ip link add eth1 address 02:00:00:00:01:01 type veth peer name eth0 netns outside
ip address add 198.51.100.1/24 dev eth1
ip link set eth1 up
ip -n outside address add 198.51.100.9/24 dev eth0
ip -n outside link set eth0 up
ip link add br-old address 02:00:00:00:01:02 type bridge ageing_time 60000
ip address add 10.70.0.1/24 dev br-old
ip link add old-port address 02:00:00:00:01:03 type veth peer name eth1 netns outside
ip link set old-port master br-old mtu 1450 up
ip -n outside link set eth1 up
ip link set br-old up
ip route add 203.0.113.0/24 via 198.51.100.9
ip rule add from 198.51.100.77 lookup 77 priority 900
nft 'add table inet mine; add chain inet mine input { type filter hook input priority 0; }; add rule inet mine input tcp dport 9999 drop'
mkdir -p /etc/netns/outside
echo 'nameserver 198.51.100.53' >/etc/netns/outside/resolv.conf
