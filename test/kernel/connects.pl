# Opens one connection to ADDRESS PORT after the other, thousands in a second, until its input ends, and prints how many
# were opened and how many of them refused. The server that it starts for them listens at BACK-ADDRESS BACK-PORT.
use strict;
use warnings;
use IO::Select;
use Socket;

my ($address, $port, $back, $back_port) = @ARGV;
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in($back_port, inet_aton($back))) or die "bind: $!";
listen($server, 1000) or die "listen: $!";
my $child = fork() // die "fork: $!";
if (!$child) {
    while (accept(my $peer, $server)) { close $peer }
    exit;
}
close $server;
my ($opened, $refused) = (0, 0);
my $input = IO::Select->new(\*STDIN);
$| = 1;
print "ready\n";
until ($opened % 100 == 0 && $input->can_read(0)) {
    socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
    # Reset when it is closed, so that its port is free at once.
    setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
    $opened++;
    $refused++ unless connect($socket, sockaddr_in($port, inet_aton($address)));
    close $socket;
}
kill 'TERM', $child;
print "$opened $refused\n";
