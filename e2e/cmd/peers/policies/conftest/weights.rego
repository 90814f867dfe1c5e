package main

deny contains message if {
	object := input
	object.kind == "RouteTable"
	some i, route in object.spec.routes
	destinations := route.routeAction.multi.destinations
	total := sum([d.weight | some d in destinations])
	total != 100
	message := sprintf(
		"%s/%s: route %d: weights sum to %d, must be 100",
		[object.metadata.namespace, object.metadata.name, i, total],
	)
}
