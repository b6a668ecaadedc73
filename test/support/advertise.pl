# Says to all on a link that there is a router of IPv6 here, for half an hour (RFC 4861, 4.2), as its argument names it.
use strict;
use Socket ();

my ($AF_INET6, $SOCK_RAW, $ICMPV6, $MULTICAST_IF, $MULTICAST_HOPS, $ADVERTISEMENT) = (10, 3, 58, 17, 18, 134);
open(my $file, '<', "/sys/class/net/$ARGV[0]/ifindex") or die $!;
my $link = int(<$file>);
socket(my $socket, $AF_INET6, $SOCK_RAW, $ICMPV6) or die $!;
setsockopt($socket, 41, $MULTICAST_HOPS, pack('i', 255)) or die $!;
setsockopt($socket, 41, $MULTICAST_IF, pack('i', $link)) or die $!;
my $all_nodes = pack('S S L a16 L', $AF_INET6, 0, 0, Socket::inet_pton($AF_INET6, 'ff02::1'), $link);
send($socket, pack('C C n C C n N N', $ADVERTISEMENT, 0, 0, 64, 0, 1800, 0, 0), 0, $all_nodes) or die $!;
