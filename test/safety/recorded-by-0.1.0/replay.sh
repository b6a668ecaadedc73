# Makes the machine as netform 0.1.0 left it after `apply applied.yaml --adopt`: its objects with their marks, made by ip and
# nft, and its files. `plan --commands` leaves the protocol of addresses out, so two of them get it here.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
sh -e "$folder/applied.sh"
perl "$folder/mark-address.pl" eth1 198.51.100.20/24 78
perl "$folder/mark-address.pl" br-old 10.70.0.1/24 78
install -d -m 755 /var/lib/netform
install -m 644 "$folder/applied.folders" /var/lib/netform/.folders
install -d -m 700 /var/lib/netform/rich
install -m 600 "$folder/applied.state.json" /var/lib/netform/rich/state.json
