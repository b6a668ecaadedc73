# Prints everything that a lab may change on this machine, section by section; read by snapshot.ts.
network() {
  echo "== $1 links";      ip -d -j link show
  echo "== $1 nsids";      ip netns list-id
  echo "== $1 addresses";  ip -j address show
  echo "== $1 routes4";    ip -4 -N -j -d route show table all
  echo "== $1 routes6";    ip -6 -N -j -d route show table all
  echo "== $1 rules4";     ip -4 -N -j rule show
  echo "== $1 rules6";     ip -6 -N -j rule show
  echo "== $1 neighbours"; ip -j neighbour show nud permanent
  echo "== $1 nft";        nft -s list ruleset
  echo "== $1 sysctls";    grep -r . /proc/sys/net 2>/dev/null
  true
}
if [ -n "${1-}" ]; then network "$1"; exit; fi
network host
for path in $(find /run/netns -mindepth 1 2>/dev/null | sort); do
  nsenter --net="$path" sh "$0" "${path##*/}"
done
echo "== machine namespaces"; find /run/netns -mindepth 1 2>/dev/null | sort
echo "== machine files"
files() { find /etc/hosts /etc/netns /etc/cni "$@" 2>/dev/null; }
files -printf '%M %u:%g %p\n' | sort
# Indented, so that no line of a file is the title of a section.
files -type f -print0 | sort -z | xargs -0 -r head -v -c 1048576 | sed 's/^/    /'
echo end
