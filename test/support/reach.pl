# Asks many at once: `reach.pl FILE`, a line each of `tcp|udp ADDRESS PORT PATIENCE_MS`. Prints the numbers of the lines that were answered. A
# TCP port counts as reached when the connection is there. Only with what Debian's perl-base has.
use strict;
use warnings;
use Socket qw(getaddrinfo AI_NUMERICHOST SOCK_STREAM SOCK_DGRAM SOCK_NONBLOCK SOL_SOCKET SO_ERROR);
use Time::HiRes qw(time);

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my (%open, @answered);
my $start = time;
while (<$in>) {
  my ($protocol, $host, $port, $patience) = split;
  my $type = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
  my ($error, $to) = getaddrinfo($host, $port, { socktype => $type, flags => AI_NUMERICHOST });
  die "$host: $error\n" if $error;
  socket(my $socket, $to->{family}, $type | SOCK_NONBLOCK, 0) or die "socket: $!\n";
  connect $socket, $to->{addr};
  $open{$. - 1} = { socket => $socket, udp => $protocol eq 'udp', until => $start + $patience / 1000, again => 0 };
}
while (%open) {
  my ($reads, $writes, $now) = ('', '', time);
  for my $key (keys %open) {
    my $one = $open{$key};
    if ($now > $one->{until}) { delete $open{$key}; next }
    if ($one->{udp} && $now > $one->{again}) { send $one->{socket}, "?\n", 0; $one->{again} = $now + 0.3 }
    $one->{udp} ? vec($reads, fileno $one->{socket}, 1) = 1 : (vec($writes, fileno $one->{socket}, 1) = 1);
  }
  my $found = select(my $ready = $reads, my $done = $writes, undef, 0.05);
  next if $found <= 0;
  for my $key (keys %open) {
    my $one = $open{$key};
    if ($one->{udp}) {
      next if !vec $ready, fileno $one->{socket}, 1;
      my $from = recv($one->{socket}, my $bytes, 4096, 0);
      next if !defined $from;
    } else {
      next if !vec $done, fileno $one->{socket}, 1;
      if (unpack 'i', getsockopt $one->{socket}, SOL_SOCKET, SO_ERROR) { delete $open{$key}; next }
    }
    push @answered, $key;
    delete $open{$key};
  }
}
print join(' ', sort { $a <=> $b } @answered), "\n";
