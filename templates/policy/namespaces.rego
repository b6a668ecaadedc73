# No namespace is deleted. Over `netform plan --json`: conftest test --policy policy plan.json
package main

import rego.v1

deny contains msg if {
	some operation in input.operations
	operation.kind == "netns"
	"delete" in operation.actions
	msg := sprintf("the namespace %s is deleted", [operation.namespace])
}
