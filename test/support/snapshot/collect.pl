# Prints everything that a lab may change on this machine, section by section; read by collect.ts. Most of a test run's
# time would be this, so a network costs one process, `ip`: it is entered from here, what `ip` cannot tell in one go is
# asked over netlink, and `nft` is called where there are tables.
use strict;
use warnings;
use Config;

my $CLONE_NEWNET = 0x40000000;
# asm-generic/unistd.h; arch/x86/entry/syscalls/syscall_64.tbl
my ($SETNS, $OPENAT, $READ, $CLOSE) = $Config{archname} =~ /^x86_64/ ? (308, 257, 0, 3) : (268, 56, 63, 57);

$| = 1;
my @paths = sort glob '/run/netns/*';
network('host');
open(my $home, '<', '/proc/self/ns/net') or die "/proc/self/ns/net: $!\n";
for my $path (@paths) {
  open(my $file, '<', $path) or next;
  # What is no namespace is a file, and is listed below.
  next if syscall($SETNS, fileno $file, $CLONE_NEWNET) != 0;
  network($path =~ s{.*/}{}r);
}
syscall($SETNS, fileno $home, $CLONE_NEWNET) == 0 or die "setns: $!\n";
print "== machine namespaces\n", map { "$_\n" } @paths;
print "== machine files\n";
print map { files($_) } '/etc/hosts', '/etc/netns', '/etc/cni';
print "end\n";

sub network {
  my ($name) = @_;
  print "== $name ip\n";
  # A line of JSON for each question, whatever became of the one before it.
  open(my $ip, '|-', 'ip', '-d', '-N', '-j', '-force', '-batch', '-') or die "ip: $!\n";
  print $ip "netns list-id\naddress show\nroute show table all\nrule show\n";
  print $ip "neighbour show nud permanent\nntable show\n";
  close $ip;
  print "== $name rules6\n", rules6();
  print "== $name nft\n";
  !tables() or system('nft', '-s', 'list', 'ruleset') == 0 or die "nft: $?\n";
  print "== $name interfaces\n", interfaces();
  print "== $name sysctls\n", sysctls('/proc/sys/net');
}

# What is at a path and below it: type and mode, owner, group, where a link leads to; of a file the lines too, indented, so
# that no line of a file is the title of a section.
sub files {
  my ($path) = @_;
  my ($mode, $uid, $gid, $size) = (lstat $path)[2, 4, 5, 7];
  return () if !defined $mode;
  my $title = sprintf "%o %d:%d %s%s\n", $mode, $uid, $gid, $path, -l _ ? ' -> ' . readlink $path : '';
  if (-d _) {
    opendir(my $entries, $path) or die "$path: $!\n";
    return $title, map { files("$path/$_") } sort grep { !/^\.\.?$/ } readdir $entries;
  }
  return $title if !-f _;
  open(my $file, '<', $path) or die "$path: $!\n";
  read $file, my $text, 1 << 20;
  return $title, map { "    $_\n" } split(/\n/, $text, -1), "($size bytes)";
}

# The settings below a folder; not those of interfaces, nor those of the whole machine. A folder is what cannot be read.
sub sysctls {
  my ($folder) = @_;
  opendir(my $entries, $folder) or return '';
  my $wanted = $folder =~ m{/conf$} ? qr/^(all|default)$/ : qr/^(?!\.\.?$|neigh$|core$|unix$)/;
  my $text = '';
  for my $entry (grep { /$wanted/ } readdir $entries) {
    my $path = "$folder/$entry";
    my $file = syscall($OPENAT, fileno $entries, $entry, 0);
    next if $file < 0;
    my $buffer = "\0" x 4096;
    my $length = syscall($READ, $file, $buffer, length $buffer);
    syscall($CLOSE, $file);
    $text .= $length < 0 ? sysctls($path) : join '', map { "$path:$_\n" } split /\n/, substr $buffer, 0, $length;
  }
  return $text;
}

# What /proc/sys/net/ipv{4,6}/conf/NAME/ has, as the arrays of the kernel: IFLA_INET_CONF and IFLA_INET6_CONF, which are in
# every answer to RTM_GETLINK (linux/if_link.h, linux/ip.h, linux/ipv6.h).
sub interfaces {
  my ($GETLINK, $IFNAME, $AF_SPEC, $INET, $INET6, $INET_CONF, $INET6_CONF) = (18, 3, 26, 2, 10, 1, 2);
  my @lines;
  for my $answer (answers(0, $GETLINK, "\0" x 16)) {
    my %link = attributes(substr $answer, 16);
    my %of = attributes($link{$AF_SPEC});
    for my $family (4, 6) {
      my %what = attributes($of{$family == 4 ? $INET : $INET6});
      my @values = unpack 'l*', $what{$family == 4 ? $INET_CONF : $INET6_CONF} // '';
      push @lines, join ' ', unpack('Z*', $link{$IFNAME}), "ipv$family", @values;
    }
  }
  return map { "$_\n" } sort @lines;
}

# The rules of IPv6 as JSON: the header and the attributes FRA_* (linux/fib_rules.h) by their numbers, in hex.
sub rules6 {
  my ($GETRULE, $INET6) = (34, 10);
  return map {
    my %rule = attributes(substr $_, 12);
    my @parts = map { sprintf '"%s":"%s"', $_, unpack 'H*', $rule{$_} } sort { $a <=> $b } keys %rule;
    sprintf "{%s}\n", join ',', '"header":"' . unpack('H24', $_) . '"', @parts;
  } answers(0, $GETRULE, pack 'C x11', $INET6);
}

# How many tables of nftables there are (linux/netfilter/nf_tables.h).
sub tables {
  my ($NETFILTER, $GETTABLE) = (12, 10 << 8 | 1);
  return scalar answers($NETFILTER, $GETTABLE, "\0" x 4);
}

# The answers to a question that is one for a list, without their headers (man 7 netlink).
sub answers {
  my ($protocol, $type, $question) = @_;
  my ($AF_NETLINK, $DUMP, $ERROR, $DONE) = (16, 0x301, 2, 3);
  socket(my $socket, $AF_NETLINK, 3, $protocol) or die "netlink: $!\n";
  syswrite $socket, pack('L S S L L', 16 + length $question, $type, $DUMP, 1, 0) . $question or die "netlink: $!\n";
  my @found;
  while (1) {
    defined recv($socket, my $bytes, 1 << 16, 0) or die "netlink: $!\n";
    for (my $at = 0; $at < length $bytes; ) {
      my ($length, $what) = unpack 'L S', substr $bytes, $at, 6;
      return @found if $what == $DONE;
      die "netlink: error\n" if $what == $ERROR || $length < 16;
      push @found, substr $bytes, $at + 16, $length - 16;
      $at += ($length + 3) & ~3;
    }
  }
}

sub attributes {
  my ($bytes) = @_;
  my %found;
  for (my $at = 0; defined $bytes && $at + 4 <= length $bytes; ) {
    my ($length, $type) = unpack 'S S', substr $bytes, $at, 4;
    die "netlink: an attribute of $length bytes\n" if $length < 4;
    $found{$type & 0x3fff} = substr $bytes, $at + 4, $length - 4;
    $at += ($length + 3) & ~3;
  }
  return %found;
}
