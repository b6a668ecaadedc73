# Gives an IPv4 address of a link another protocol (IFA_PROTO), which `ip address change … proto` does from iproute2 6.3
# on. Usage: mark-address.pl LINK ADDRESS/LENGTH PROTOCOL
use strict;
use warnings;
use Socket ();

# linux/sockios.h, linux/netlink.h, linux/rtnetlink.h, linux/if_addr.h
my ($AF_NETLINK, $SOCK_RAW, $NETLINK_ROUTE, $RTM_NEWADDR) = (16, 3, 0, 20);
my ($NLM_F_REQUEST, $NLM_F_ACK, $NLM_F_REPLACE) = (1, 4, 0x100);
my $SIOCGIFINDEX = 0x8933;
my ($IFA_ADDRESS, $IFA_LOCAL, $IFA_PROTO) = (1, 2, 11);

my ($link, $prefix, $protocol) = @ARGV;
my ($address, $length) = split m{/}, $prefix;
socket(my $any, Socket::AF_INET, Socket::SOCK_DGRAM, 0) or die "$!\n";
my $ifreq = pack('a16 x24', $link);
ioctl($any, $SIOCGIFINDEX, $ifreq) or die "$link: $!\n";
my $packed = Socket::inet_aton($address);
my $body = pack('C C C C L', Socket::AF_INET, $length, 0, 0, unpack('x16 l', $ifreq))
  . pack('S S a4', 8, $IFA_LOCAL, $packed)
  . pack('S S a4', 8, $IFA_ADDRESS, $packed)
  . pack('S S C x3', 5, $IFA_PROTO, $protocol);
socket(my $socket, $AF_NETLINK, $SOCK_RAW, $NETLINK_ROUTE) or die "$!\n";
send($socket, pack('L S S L L', 16 + length $body, $RTM_NEWADDR, $NLM_F_REQUEST | $NLM_F_ACK | $NLM_F_REPLACE, 1, 0) . $body, 0)
  or die "$!\n";
recv($socket, my $answer, 4096, 0);
# struct nlmsgerr: its error stands behind the header.
my $error = unpack('x16 l', $answer);
$! = -$error;
die "$prefix on $link: $!\n" if $error != 0;
