#!/bin/sh
# Boots systemd as process 1 of a throwaway machine: a network, mounts, processes, control groups and a host name of its
# own. Its root is an overlay whose upper layer is in memory, so that what is written below /etc, /usr and /var outlives a
# boot of it, and nothing reaches the machine outside. /tmp, /run and /dev are new at each boot. Of the units of the
# machine outside only the journal runs.
#
#   systemd-machine.sh disk          keeps the upper layer, until its standard input ends, and with it all that was booted
#   systemd-machine.sh boot PID      boots in that disk, of which PID is the number, until it is killed
#   systemd-machine.sh forget GROUP  removes what a machine left of its control group
#
# NETFORM_TEST_SHOWN: folders, with colons between them, that are seen at their places, to be read only.
set -eu
disk=/mnt
groups=$(sed -n 's/^\([^ ]* \)\{4\}\([^ ]*\) .* - cgroup2 .*/\2/p' /proc/self/mountinfo | tail -n 1)

case $1 in
forget)
  echo 1 2>/dev/null >"$groups/$2/cgroup.kill" || true
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    find "$groups/$2" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -d "$groups/$2" ] || exit 0
    sleep 0.05
  done
  exit 1
  ;;
disk)
  exec unshare --mount --pid --fork --kill-child --propagation private sh -c "
    set -e
    mount -t proc proc /proc
    mount -t tmpfs -o mode=755 tmpfs $disk
    mkdir $disk/upper $disk/work $disk/root
    echo ready
    exec cat"
  ;;
esac

# shellcheck disable=SC2016
inside='
set -e
root=$NETFORM_TEST_DISK/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$NETFORM_TEST_DISK/upper,workdir=$NETFORM_TEST_DISK/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
# Where commands of tests are, as those of a session are in one of its own.
mkdir "$root/sys/fs/cgroup/tests"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty net/tun; do
  [ -e "/dev/$device" ] || continue
  mkdir -p "$(dirname "$root/dev/$device")"
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm" "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
: >"$root/dev/console"
# Only settings of its own network can be changed, and it knows boots of its own.
cat /proc/sys/kernel/random/uuid >"$root/run/boot-id"
mount --bind "$root/run/boot-id" "$root/proc/sys/kernel/random/boot_id"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --bind "$root/run/boot-id" "$root/proc/sys/kernel/random/boot_id"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"
IFS=:
for folder in $NETFORM_TEST_SHOWN; do
  mkdir -p "$root$folder"
  mount --rbind "$folder" "$root$folder"
  mount -o remount,bind,ro "$root$folder"
done
unset IFS

units=$root/etc/systemd/system
if ! [ -e "$NETFORM_TEST_DISK/booted" ]; then
  # The first boot. What Debian starts is not started, least of all what cleans /tmp or sets up devices.
  for wanted in /lib/systemd/system/*.wants/* "$units"/*.wants/*; do
    unit=${wanted##*/}
    case $unit in
    *.target | systemd-journald* | "*") ;;
    *) ln -sf /dev/null "$units/$unit" ;;
    esac
  done
  for unit in systemd-tmpfiles-setup systemd-tmpfiles-setup-dev systemd-tmpfiles-clean systemd-journal-flush systemd-udevd; do
    ln -sf /dev/null "$units/$unit.service"
  done
  ln -sf /dev/null "$units/systemd-tmpfiles-clean.timer"
  mkdir -p "$root/etc/systemd/system-generators"
  for generator in /lib/systemd/system-generators/*; do
    ln -sf /dev/null "$root/etc/systemd/system-generators/${generator##*/}"
  done
  ln -sf /lib/systemd/system/multi-user.target "$units/default.target"
  rm -rf "$root/etc/netns" "$root/etc/cni" "$root/var/lib/netform" "$root/var/log/journal"
  : >"$root/etc/fstab"
  : >"$NETFORM_TEST_DISK/booted"
fi
ip link set lo up
echo 0 >"$root/proc/sys/net/ipv4/ip_forward"
cd "$root"
pivot_root . mnt
umount -l /mnt
exec env -i container=netform-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=0 \
  </dev/null >/dev/null 2>&1'

export NETFORM_TEST_DISK="$disk"
group=$groups/netform-machine-systemd-$2
mkdir "$group"
echo 0 >"$group/cgroup.procs"
exec nsenter --mount="/proc/$2/ns/mnt" --pid="/proc/$2/ns/pid_for_children" \
  unshare --mount --net --pid --uts --ipc --cgroup --fork --kill-child --propagation private sh -c "$inside"
