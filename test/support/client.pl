# Asks once over TCP, or over UDP until something answers, and prints the answer; ends with 1 when its patience is over.
# `client.pl tcp|udp HOST PORT PATIENCE_MS`, in Perl, because a test asks hundreds of times and this starts in no time.
use strict;
use warnings;
use Socket qw(getaddrinfo SOCK_STREAM SOCK_DGRAM);
use Time::HiRes qw(ualarm);

my $AGAIN_S = 0.3;
my ($protocol, $host, $port, $patience) = @ARGV;
$SIG{ALRM} = sub { exit 1 };
ualarm($patience * 1000);

my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
my ($error, @found) = getaddrinfo($host, $port, { socktype => $type });
die "$host: $error\n" if $error;
exit($type == SOCK_STREAM ? over_tcp() : over_udp());

sub over_tcp {
  for my $to (@found) {
    socket(my $socket, $to->{family}, $type, 0) or next;
    connect($socket, $to->{addr}) or next;
    while (sysread $socket, my $bytes, 65536) { syswrite STDOUT, $bytes }
    return 0;
  }
  return 1;
}

sub over_udp {
  my ($to) = @found;
  socket(my $socket, $to->{family}, $type, 0) or die "socket: $!\n";
  vec(my $wanted = '', fileno $socket, 1) = 1;
  while (1) {
    send $socket, 'hello', 0, $to->{addr};
    select(my $ready = $wanted, undef, undef, $AGAIN_S) or next;
    defined recv($socket, my $answer, 65536, 0) or next;
    syswrite STDOUT, $answer;
    return 0;
  }
}
