#!/bin/sh
# A CNI plugin in a few lines: a bridge, a veth pair, an address. The runtime says what to do in CNI_COMMAND, whom it is for in
# CNI_CONTAINERID, CNI_NETNS and CNI_IFNAME, and gives the configuration on standard input. The answer is JSON on standard
# output; everything else goes to standard error. Needs jq and iproute2.
set -eu
exec 3>&1 1>&2

fail() {
  printf '{ "cniVersion": "1.0.0", "code": %s, "msg": "%s" }\n' "$1" "$2" >&3
  exit 1
}

case $CNI_COMMAND in
VERSION)
  echo '{ "cniVersion": "1.0.0", "supportedVersions": ["0.3.1", "0.4.0", "1.0.0"] }' >&3
  exit 0
  ;;
ADD | CHECK | DEL) ;;
*) fail 4 "unknown CNI_COMMAND: $CNI_COMMAND" ;;
esac

config=$(cat)
bridge=$(echo "$config" | jq -r '.bridge // "v-net-0"')
subnet=$(echo "$config" | jq -r .subnet)
version=$(echo "$config" | jq -r .cniVersion)
name=$(echo "$config" | jq -r .name)
network=${subnet%.*}
length=${subnet#*/}
gateway=$network.1
netns=${CNI_NETNS##*/}
# The host's end: the same for every call for this interface.
host=veth$(printf %s "$CNI_CONTAINERID/$CNI_IFNAME" | sha1sum | cut -c 1-8)
store=/run/net-script/$name

# The address that the runtime asks for (IP=… in CNI_ARGS), else the next free one.
choose() {
  asked=$(printf %s "${CNI_ARGS:-}" | tr ';' '\n' | sed -n 's/^IP=//p')
  if [ -n "$asked" ]; then
    echo "${asked%/*}"
    return
  fi
  i=2
  while [ -e "$store/$network.$i" ]; do i=$((i + 1)); done
  echo "$network.$i"
}

case $CNI_COMMAND in
ADD)
  mkdir -p "$store"
  address=$(choose)
  if [ -e "$store/$address" ]; then fail 100 "address $address is taken by $(cat "$store/$address")"; fi
  echo "$CNI_CONTAINERID $CNI_IFNAME" >"$store/$address"
  if ! ip link show "$bridge" >/dev/null 2>&1; then
    ip link add "$bridge" type bridge
    ip address add "$gateway/$length" dev "$bridge"
    ip link set "$bridge" up
  fi
  ip link add "$host" type veth peer name "$CNI_IFNAME" netns "$netns"
  ip link set "$host" master "$bridge" up
  ip -n "$netns" address add "$address/$length" dev "$CNI_IFNAME"
  ip -n "$netns" link set "$CNI_IFNAME" up
  ip -n "$netns" route add default via "$gateway"
  jq -n --arg version "$version" --arg bridge "$bridge" --arg host "$host" --arg dev "$CNI_IFNAME" \
    --arg netns "$CNI_NETNS" --arg address "$address/$length" --arg gateway "$gateway" '{
      cniVersion: $version,
      interfaces: [{ name: $bridge }, { name: $host }, { name: $dev, sandbox: $netns }],
      ips: [{ interface: 2, address: $address, gateway: $gateway }],
      routes: [{ dst: "0.0.0.0/0", gw: $gateway }],
      dns: {}
    }' >&3
  ;;
CHECK)
  ip -n "$netns" link show "$CNI_IFNAME" >/dev/null || fail 101 "$CNI_IFNAME is gone"
  ip link show "$host" | grep -q "master $bridge" || fail 102 "$host is not a port of $bridge"
  ;;
DEL)
  ip link del "$host" 2>/dev/null || true
  for file in "$store"/*; do
    if [ "$(cat "$file" 2>/dev/null)" = "$CNI_CONTAINERID $CNI_IFNAME" ]; then rm -f "$file"; fi
  done
  rmdir "$store" /run/net-script 2>/dev/null || true
  ;;
esac
