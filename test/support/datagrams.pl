# datagrams.pl ADDRESS packets COUNT | seconds TIME: sends UDP to the port discard, and prints the seconds that it took.
use strict;
use warnings;
use IO::Socket::IP;
use Time::HiRes qw(sleep time);

my ($address, $what, $count) = @ARGV;
my $socket = IO::Socket::IP->new(PeerHost => $address, PeerPort => 9, Type => SOCK_DGRAM) or die $@;
# An answer that nobody listens is an error of the next call: that one is made again.
sub datagram { my $bytes = shift; 1 until defined send $socket, 'x' x $bytes, 0 }

my $start = time;
if ($what eq 'packets') {
  for my $nth (1 .. $count) {
    datagram(20);
    # The queue of the other end has room for 1000.
    sleep 0.005 if $nth % 100 == 0;
  }
} else {
  datagram(1200) while time - $start < $count;
}
# What still waits is sent.
sleep 0.1;
printf "%f\n", time - $start;
