# No port of the machine below 1024 leads into the lab, or is taken by a program of the lab.
package main

import rego.v1

deny contains msg if {
	some operation in input.operations
	operation.namespace == "host"
	some forward in operation.after.forwards
	forward.ports.first < 1024
	msg := sprintf("port %d of the machine is below 1024", [forward.ports.first])
}

deny contains msg if {
	some operation in input.operations
	operation.namespace == "host"
	operation.kind == "process"
	some port in operation.after.terms.ports
	to_number(split(port, "/")[0]) < 1024
	msg := sprintf("port %s of the machine is below 1024", [port])
}
