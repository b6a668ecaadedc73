# Asks once over TCP, or over UDP until something answers, and prints the answer; ends with 1 when its patience is over.
# `client.pl tcp|udp HOST PORT PATIENCE_MS`, in Perl, because a test asks hundreds of times and this starts in no time. Only
# with what Debian's perl-base has, which is on every machine.
use strict;
use warnings;
use Socket qw(getaddrinfo SOCK_STREAM SOCK_DGRAM SOCK_NONBLOCK SOL_SOCKET SO_ERROR);

my $AGAIN_S = 0.3;
my ($protocol, $host, $port, $patience) = @ARGV;
my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
my ($error, @found) = getaddrinfo($host, $port, { socktype => $type });
die "$host: $error\n" if $error;
exit($type == SOCK_STREAM ? over_tcp($patience / 1000) : over_udp($patience / 1000));

sub over_tcp {
  my ($seconds) = @_;
  for my $to (@found) {
    socket(my $socket, $to->{family}, $type | SOCK_NONBLOCK, 0) or next;
    # It goes on while it is waited for.
    connect $socket, $to->{addr};
    may_write($socket, $seconds) or return 1;
    next if unpack 'i', getsockopt $socket, SOL_SOCKET, SO_ERROR;
    while (may_read($socket, $seconds)) {
      my $length = sysread $socket, my $bytes, 65536;
      return defined $length ? 0 : 1 if !$length;
      syswrite STDOUT, $bytes;
    }
    return 1;
  }
  return 1;
}

sub over_udp {
  my ($seconds) = @_;
  my ($to) = @found;
  socket(my $socket, $to->{family}, $type, 0) or die "socket: $!\n";
  for (my $left = $seconds; $left > 0; $left -= $AGAIN_S) {
    send $socket, 'hello', 0, $to->{addr};
    may_read($socket, $left < $AGAIN_S ? $left : $AGAIN_S) or next;
    defined recv($socket, my $answer, 65536, 0) or next;
    syswrite STDOUT, $answer;
    return 0;
  }
  return 1;
}

sub may_read { my ($socket, $seconds) = @_; return select(my $ready = bit($socket), undef, undef, $seconds) > 0 }
sub may_write { my ($socket, $seconds) = @_; return select(undef, my $ready = bit($socket), undef, $seconds) > 0 }

sub bit {
  my ($socket) = @_;
  vec(my $bits = '', fileno $socket, 1) = 1;
  return $bits;
}
