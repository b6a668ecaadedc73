# Answers every TCP connection and every datagram with `<name> <address of the client>`, until its input ends.
# `server.pl NAME PORT ADDRESS` prints `ready`; it is in Perl, because a test starts many and this starts in no time.
use strict;
use warnings;
use Socket qw(:all);

my ($name, $port, $address) = @ARGV;
my $tcp = bound(SOCK_STREAM);
listen $tcp, 16 or die "listen: $!\n";
my $udp = bound(SOCK_DGRAM);
syswrite STDOUT, "ready\n";

while (1) {
  my $wanted = '';
  vec($wanted, fileno $_, 1) = 1 for \*STDIN, $tcp, $udp;
  select(my $ready = $wanted, undef, undef, undef) > 0 or next;
  if (vec $ready, fileno STDIN, 1) { sysread STDIN, my $bytes, 4096 or exit 0 }
  if (vec $ready, fileno $tcp, 1) {
    my $from = accept my $client, $tcp or next;
    syswrite $client, answer($from);
    close $client;
  }
  if (vec $ready, fileno $udp, 1) {
    my $from = recv $udp, my $question, 65536, 0;
    send $udp, answer($from), 0, $from if defined $from;
  }
}

# An IPv6 socket takes IPv4 too, as the kernel has it by default.
sub bound {
  my ($type) = @_;
  my ($error, $to) = getaddrinfo($address, $port, { socktype => $type, flags => AI_NUMERICHOST });
  die "$address: $error\n" if $error;
  socket(my $socket, $to->{family}, $type, 0) or die "socket: $!\n";
  setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
  bind $socket, $to->{addr} or die "$address port $port: $!\n";
  return $socket;
}

sub answer {
  my ($from) = @_;
  my ($error, $client) = getnameinfo($from, NI_NUMERICHOST | NI_NUMERICSERV, NIx_NOSERV);
  return sprintf "%s %s\n", $name, $client =~ s/^::ffff://r;
}
