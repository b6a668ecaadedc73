"""A star of namespaces on one Linux bridge by mininet's own API, without a controller: star_in_mininet.py COUNT.

Its clock is the process: from its start to the network's being up, then from stop() until no link of it is left.
Appends to the file that $BENCH_OUT names, as clock.c does.
"""
import os
import resource
import sys
import time

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge

MOST_SECONDS = 300


def now():
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def started():
    with open('/proc/self/stat') as stat:
        ticks = int(stat.read().rsplit(')', 1)[1].split()[19])
    return ticks / os.sysconf('SC_CLK_TCK')


def links():
    with open('/proc/net/dev') as devices:
        return len(devices.readlines()) - 2


def write(label, seconds):
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    with open(os.environ['BENCH_OUT'], 'a') as out:
        out.write(f'{label} {seconds * 1e3:.3f} {cpu * 1e3:.3f} {used[0].ru_maxrss} 0\n')


count = int(sys.argv[1])
before = links()
# It would raise limits of the whole machine, beyond this throwaway one; that of the process is all that it needs.
Mininet.inited = True
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

net = Mininet(switch=LinuxBridge, controller=None, ipBase='10.0.0.0/16')
switch = net.addSwitch('sw0')
for number in range(count):
    net.addLink(net.addHost(f'n{number}'), switch)
net.start()
write('apply', now() - started())

first, last = net.hosts[0], net.hosts[-1]
for _ in range(60):
    answer = first.cmd(f'ping -c 1 -W 1 {last.IP()}')
    if ' bytes from ' in answer:
        break
else:
    sys.exit(f'no ping across the lab: {answer}')

begun = now()
net.stop()
while links() > before and now() - begun < MOST_SECONDS:
    time.sleep(0.001)
if links() > before:
    sys.exit(f'{links() - before} links are left')
write('destroy', now() - begun)
