/**
 * A script for perl(1) with no module beside those of perl-base: `answer.pl PORTS FOLDER`. It opens each port inside its namespace
 * (setns(2)), and tells every client who answered, who asked, and what an HTTP request asked for. A client that says nothing is
 * answered after a second. At SIGHUP it reads its ports again; a namespace that was made again is found within two seconds.
 */
export const standInScript = String.raw`use strict;
use warnings;
use POSIX ();
use IO::Handle ();
use Socket qw(:DEFAULT :addrinfo IN6ADDR_ANY IPPROTO_IPV6 IPV6_V6ONLY pack_sockaddr_in6);

my ($ports, $folder) = @ARGV;
my %SETNS = (x86_64 => 308, aarch64 => 268, riscv64 => 268, loongarch64 => 268, armv7l => 375, armv6l => 375,
  i686 => 346, i586 => 346, ppc64le => 350, ppc64 => 350, s390x => 339);
my $setns = $SETNS{(POSIX::uname())[4]} // die "no number of setns(2) is known for this processor\n";
my $CLONE_NEWNET = 0x40000000;
my ($MOST, $SILENCE, $LOOK) = (65536, 1, 2);
open my $home, '<', '/proc/self/ns/net' or die "its own namespace: $!\n";

my (%open, %client, %asked, $sign, $told);
my $again = 1;
$SIG{HUP} = sub { $again = 1 };
$SIG{PIPE} = 'IGNORE';

# What is wanted: "netns protocol port" by line, after the name of the file that says that all of it is there.
sub wanted {
  open my $in, '<', $ports or die "$ports: $!\n";
  chomp(my @lines = <$in>);
  $sign = shift @lines;
  %asked = map { $_ => 1 } @lines;
}

sub identity { my @s = stat "/run/netns/$_[0]"; return @s ? "$s[0]:$s[1]" : '' }

# Closes what is not wanted or belongs to a namespace that has lost its name, and opens what is missing.
sub listen_to_all {
  my %now;
  my $whole = 1;
  for my $key (keys %open) {
    my ($netns) = split / /, $key;
    $now{$netns} //= identity($netns);
    next if $asked{$key} && $open{$key}{identity} eq $now{$netns};
    delete $open{$key};
  }
  for my $key (grep { !$open{$_} } keys %asked) {
    my ($netns, $protocol, $port) = split / /, $key;
    my $identity = identity($netns);
    my $socket = $identity eq '' ? undef : open_in($netns, $protocol, $port);
    if ($socket) { $open{$key} = { socket => $socket, identity => $identity, netns => $netns, protocol => $protocol } }
    else { $whole = 0 }
  }
  return if !$whole || ($told // '') eq $sign;
  unlink glob "$folder/ready.*";
  open my $out, '>', "$folder/$sign" or die "$folder/$sign: $!\n";
  $told = $sign;
}

sub open_in {
  my ($netns, $protocol, $port) = @_;
  open my $there, '<', "/run/netns/$netns" or return;
  syscall($setns, fileno $there, $CLONE_NEWNET) == 0 or die "setns to $netns: $!\n";
  my $socket = bound($protocol, $port);
  my $why = $!;
  syscall($setns, fileno $home, $CLONE_NEWNET) == 0 or die "setns back: $!\n";
  warn "port $port/$protocol of $netns: $why\n" if !$socket;
  return $socket;
}

# In both families; IPv4 alone where the kernel has no other.
sub bound {
  my ($protocol, $port) = @_;
  my $kind = $protocol eq 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
  for my $family (AF_INET6, AF_INET) {
    socket(my $socket, $family, $kind, 0) or next;
    setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
    setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0) if $family == AF_INET6;
    # Where IPv6 is off an address of it cannot be bound.
    bind($socket, $family == AF_INET6 ? pack_sockaddr_in6($port, IN6ADDR_ANY) : pack_sockaddr_in($port, INADDR_ANY))
      or ($family == AF_INET6 && $!{EADDRNOTAVAIL} ? next : return);
    $protocol eq 'udp' or listen($socket, SOMAXCONN) or return;
    $socket->blocking(0);
    return $socket;
  }
  return;
}

sub address {
  my ($error, $host, $port) = getnameinfo($_[0], NI_NUMERICHOST | NI_NUMERICSERV);
  return 'unknown' if $error;
  $host =~ s/^::ffff:(?=\d+\.)//;
  return $host =~ /:/ ? "[$host]:$port" : "$host:$port";
}

sub answer {
  my ($netns, $own, $peer, $said) = @_;
  my $text = "Name: $netns\n" . ($own eq '' ? '' : "Address: $own\n") . "Source: $peer\n";
  $said =~ s/\r//g;
  $said =~ s/\n+\z//;
  return $said eq '' ? $text : "$text$said\n";
}

sub accept_client {
  my ($at) = @_;
  my $from = accept(my $socket, $at->{socket}) or return;
  $socket->blocking(0);
  $client{fileno $socket} = { socket => $socket, at => $at, from => $from, said => '', since => time };
}

# Says all, and waits for the end of the other side, so that it reads all of it.
sub reply {
  my ($one) = @_;
  my $own = address(getsockname($one->{socket}) // '');
  my $text = answer($one->{at}{netns}, $own, address($one->{from}), $one->{said});
  if ($one->{said} =~ m{^([A-Z]+) \S+ HTTP/1}) {
    my $head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " . length($text);
    $text = "$head\r\n\r\n" . ($1 eq 'HEAD' ? '' : $text);
  }
  $one->{socket}->blocking(1);
  syswrite $one->{socket}, $text;
  shutdown $one->{socket}, 1;
  $one->{socket}->blocking(0);
  $one->{told} = 1;
}

sub hear {
  my ($one) = @_;
  my $count = sysread $one->{socket}, my $bytes, 4096;
  return if !defined $count && $!{EAGAIN};
  if (!$count) {
    reply($one) if defined $count && !$one->{told};
    delete $client{fileno $one->{socket}};
    return;
  }
  return if $one->{told};
  $one->{said} .= $bytes;
  my $is_http = $one->{said} =~ m{^[A-Z]+ \S+ HTTP/1};
  my $is_whole = $is_http ? $one->{said} =~ /\r?\n\r?\n/ : $one->{said} =~ /\n/;
  reply($one) if $is_whole || length $one->{said} > $MOST;
}

sub hear_datagram {
  my ($at) = @_;
  my $from = recv($at->{socket}, my $bytes, $MOST, 0) or return;
  send $at->{socket}, answer($at->{netns}, '', address($from), $bytes), 0, $from;
}

my $looked = 0;
for (;;) {
  if ($again) { $again = 0; wanted(); $looked = 0 }
  if (time - $looked >= $LOOK) { listen_to_all(); $looked = time }
  my $bits = '';
  vec($bits, fileno $_->{socket}, 1) = 1 for values %open, values %client;
  my $wait = %client ? $SILENCE / 4 : $LOOK;
  my $found = select(my $ready = $bits, undef, undef, $wait);
  next if $found < 0;
  for my $at (values %open) {
    next if !vec $ready, fileno $at->{socket}, 1;
    $at->{protocol} eq 'tcp' ? accept_client($at) : hear_datagram($at);
  }
  for my $one (values %client) {
    if (vec $ready, fileno $one->{socket}, 1) { hear($one) }
    elsif (!$one->{told} && $one->{said} !~ /^[A-Z]+ \S+ HTTP/ && time - $one->{since} > $SILENCE) { reply($one) }
    elsif (time - $one->{since} > 60) { delete $client{fileno $one->{socket}} }
  }
}
`;
