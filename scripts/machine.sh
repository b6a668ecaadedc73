#!/bin/sh
# Runs a command in a throwaway machine: a network, mounts and processes of its own, with a private /run, /etc and
# /var/lib. Nothing that happens in it reaches the machine outside, and all of it ends with the command. An ordinary
# user gets a user namespace around it. Usage: scripts/machine.sh COMMAND [ARGUMENT...]
set -eu
inside='
set -e
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/etc.private
cp -a /etc/. /run/etc.private 2>/dev/null || true
mount --bind /run/etc.private /etc
rm -rf /etc/netns /etc/cni
mount -t tmpfs -o mode=755 tmpfs /var/lib
# A control group of its own covers those of the whole machine, so that none is left there. Those of machines that were killed go, too.
groups=$(sed -n "s/^\([^ ]* \)\{4\}\([^ ]*\) .* - cgroup2 .*/\2/p" /proc/self/mountinfo | tail -n 1)
group=$groups/netform-machine-$NETFORM_TEST_GROUP
if [ -n "$groups" ]; then rmdir "$groups"/netform-machine-* 2>/dev/null || true; fi
if [ -n "$groups" ] && mkdir "$group" 2>/dev/null && echo 0 2>/dev/null >"$group/cgroup.procs"; then
  mount --bind "$group" "$groups"
else
  group=
fi
ip link set lo up
hostname vm
echo 0 >/proc/sys/net/ipv4/ip_forward
status=0
"$@" || status=$?
if [ -n "$group" ]; then
  umount "$groups" || true
  echo 0 2>/dev/null >"$groups/cgroup.procs" || true
  echo 1 2>/dev/null >"$group/cgroup.kill" || true
  sleep 0.02
  find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
fi
exit $status'
user=
[ "$(id -u)" = 0 ] || user='--user --map-root-user'
export NETFORM_TEST_MACHINE=1
export NETFORM_TEST_GROUP=$$
# There is nobody to be sure of in there, and node would read all those certificates whenever it starts: 70 ms.
unset NODE_EXTRA_CA_CERTS
# shellcheck disable=SC2086
exec unshare $user --mount --uts --net --pid --fork --kill-child --propagation private sh -c "$inside" machine "$@"
