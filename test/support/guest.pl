# A guest behind a tun, a tap or a macvtap: another network that hears what is sent there, and sends what it says.
# guest.pl MODE LINK NETNS: attaches to LINK of the namespace it runs in (for macvtap: to its file), makes a link of the same
# kind, puts it into NETNS as guest0, and copies until its input ends. Prints "ready" when it does.
use strict;
use warnings;
use Fcntl;
use IO::Select;
use constant { TUNSETIFF => 0x400454ca, IFF_TUN => 1, IFF_TAP => 2, IFF_NO_PI => 0x1000 };

my ($mode, $link, $netns) = @ARGV;
my $flags = ($mode eq 'tun' ? IFF_TUN : IFF_TAP) | IFF_NO_PI;

sub attach {
    my ($file, $name) = @_;
    sysopen(my $fd, $file, O_RDWR) or die "$file: $!";
    ioctl($fd, TUNSETIFF, pack('a16 S x22', $name, $flags)) or die "$name: $!";
    return $fd;
}

# The number of its file says which one it is: /dev/tapN is named by an index that links of two namespaces can have.
sub macvtap_file {
    my ($numbers) = map { local @ARGV = $_; <> } glob("/sys/class/net/$link/tap*/dev");
    my $file = "/run/tap.$$";
    system("mknod $file c " . join(' ', $numbers =~ /\d+/g)) == 0 or die 'mknod';
    return $file;
}

my $outer = attach($mode eq 'macvtap' ? macvtap_file() : '/dev/net/tun', $link);
my $inner = attach('/dev/net/tun', 'guest0');
system("ip link set dev guest0 netns $netns") == 0 or die 'netns';
$| = 1;
print "ready\n";
my $select = IO::Select->new($outer, $inner, \*STDIN);
for (;;) {
    for my $from ($select->can_read) {
        exit 0 if $from == \*STDIN;
        my $size = sysread($from, my $frame, 65536);
        next unless $size;
        syswrite($from == $outer ? $inner : $outer, $frame);
    }
}
