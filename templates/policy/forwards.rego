# No forward listens on every address of the machine: each names the one that it is for.
package main

import rego.v1

deny contains msg if {
	some operation in input.operations
	operation.namespace == "host"
	some forward in operation.after.forwards
	forward.address == null
	msg := sprintf("port %d of the machine is open on every address", [forward.ports.first])
}
