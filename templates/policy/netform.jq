# A policy over `netform plan --json`, for jq: jq --raw-output --from-file netform.jq plan.json
# Prints what is not allowed and ends with exit code 1, or says that there is nothing. The files beside it say the same for OPA.

# Ports of the machine that lead into the lab: one per forward.
def forwards: .operations[] | select(.namespace == "host") | .after.forwards? // [] | .[];

# Ports that programs of the lab take on the machine itself: `53/udp`.
def taken: .operations[] | select(.namespace == "host" and .kind == "process") | .after.terms.ports? // [] | .[];

def deleted_namespaces:
  .operations[]
  | select(.kind == "netns" and (.actions | index("delete")))
  | "the namespace \(.namespace) is deleted";

def low_ports:
  (forwards | select(.ports.first < 1024) | "port \(.ports.first) of the machine is below 1024"),
  (taken | select((split("/")[0] | tonumber) < 1024) | "port \(.) of the machine is below 1024");

def open_forwards:
  forwards
  | select(.address == null)
  | "port \(.ports.first) of the machine is open on every address";

[deleted_namespaces, low_ports, open_forwards]
| unique
| if length == 0 then "The policy allows this plan." else (map("not allowed: \(.)\n") | add | halt_error(1)) end
