# Prints everything that a lab may change on this machine, section by section; read by snapshot.ts. It enters each network
# by itself, and asks the kernel for the settings of all interfaces at once: a network costs three processes and 350
# files, where `sh` with nsenter, nine of ip, nft and `grep -r /proc/sys/net` costs twelve processes and 150 files more
# with every interface.
use strict;
use warnings;
use Config;

my $CLONE_NEWNET = 0x40000000;
# asm-generic/unistd.h; arch/x86/entry/syscalls/syscall_64.tbl
my ($SETNS, $OPENAT, $READ, $CLOSE) = $Config{archname} =~ /^x86_64/ ? (308, 257, 0, 3) : (268, 56, 63, 57);
my $OF_BOTH = "address show\nroute show table all\nrule show\nneighbour show nud permanent\nntable show\n";
my %QUESTIONS = (4 => "link show\nnetns list-id\n$OF_BOTH", 6 => $OF_BOTH);

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
system('sh', '-c', <<'END') == 0 or die "the files could not be read\n";
files() { find /etc/hosts /etc/netns /etc/cni "$@" 2>/dev/null; }
files -printf '%M %u:%g %p\n' | sort
# Indented, so that no line of a file is the title of a section.
files -type f -print0 | sort -z | xargs -0 -r head -v -c 1048576 | sed 's/^/    /'
END
print "end\n";

sub network {
  my ($name) = @_;
  ip("== $name ip$_", $_) for 4, 6;
  print "== $name nft\n";
  system('nft', '-s', 'list', 'ruleset') == 0 or die "nft: $?\n";
  print "== $name interfaces\n", interfaces();
  print "== $name sysctls\n", sysctls('/proc/sys/net');
}

# A line of JSON for each question, whatever became of the one before it.
sub ip {
  my ($title, $family) = @_;
  print "$title\n";
  open(my $ip, '|-', 'ip', "-$family", '-d', '-N', '-j', '-force', '-batch', '-') or die "ip: $!\n";
  print $ip $QUESTIONS{$family};
  close $ip;
}

# The settings below a folder, but not those of interfaces. A folder is what cannot be read.
sub sysctls {
  my ($folder) = @_;
  opendir(my $entries, $folder) or return '';
  my $isOfInterfaces = $folder =~ m{/(conf|neigh)$};
  my $text = '';
  for my $entry (grep { !/^\.\.?$/ && (!$isOfInterfaces || /^(all|default)$/) } readdir $entries) {
    my $path = "$folder/$entry";
    my $file = syscall($OPENAT, -100, $path, 0);
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
  my ($AF_NETLINK, $GETLINK, $DUMP, $DONE) = (16, 18, 0x301, 3);
  my ($IFNAME, $AF_SPEC, $INET, $INET6, $INET_CONF, $INET6_CONF) = (3, 26, 2, 10, 1, 2);
  socket(my $socket, $AF_NETLINK, 3, 0) or die "netlink: $!\n";
  syswrite $socket, pack('L S S L L x16', 32, $GETLINK, $DUMP, 1, 0);
  my @lines;
  while (1) {
    defined recv($socket, my $answer, 1 << 16, 0) or die "netlink: $!\n";
    for (my $at = 0; $at < length $answer; ) {
      my ($length, $type) = unpack 'L S', substr $answer, $at, 6;
      return map { "$_\n" } sort @lines if $type == $DONE;
      my %link = attributes(substr $answer, $at + 32, $length - 32);
      my %of = attributes($link{$AF_SPEC});
      for my $family (4, 6) {
        my %what = attributes($of{$family == 4 ? $INET : $INET6});
        my @values = unpack 'l*', $what{$family == 4 ? $INET_CONF : $INET6_CONF} // '';
        push @lines, join ' ', unpack('Z*', $link{$IFNAME}), "ipv$family", map { "$_=$values[$_]" } 0 .. $#values;
      }
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
