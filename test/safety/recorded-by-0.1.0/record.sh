# Records what the netform of a checkout makes of the two topologies, into the folder of this script. For a throwaway
# machine: cd CHECKOUT && npm run build && sh scripts/machine.sh sh FOLDER/record.sh. A recorded version is not recorded
# again: the files stay as that version wrote them.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
netform="node $PWD/bin/run.js"
sh "$folder/boot.sh"
sh "$folder/machine.sh"
cp "$folder/applied.yaml" /run/rich.yaml
cd /run
$netform plan rich.yaml --adopt --commands >"$folder/applied.sh"
$netform apply rich.yaml --adopt
cp /var/lib/netform/rich/state.json "$folder/applied.state.json"
cp /var/lib/netform/.folders "$folder/applied.folders"
cp "$folder/changed.yaml" /run/rich.yaml
$netform plan rich.yaml --commands >"$folder/changed.sh"
$netform apply rich.yaml --confirm 1h
cp /var/lib/netform/rich/journal "$folder/changed.journal"
cp /var/lib/netform/.folders "$folder/changed.folders"
