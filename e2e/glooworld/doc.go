// Package glooworld is a second model of how Gloo Edge 1.2x turns its objects into Envoy routes. It
// imports nothing of Aviary, so that it can bear witness about Aviary's own model.
//
//	VirtualServices ─┐
//	RouteTables      ├─ Read ─► World ─ Translate ─► Translation ─ Answer ─► the route that takes a request
//	Upstreams        │                    │
//	UpstreamGroups  ─┘                    └─ for each VirtualService a virtual host with Envoy's routes in order,
//	                                         routes that were dropped, tables that are not reached, VirtualServices
//	                                         that are frozen, and what makes Envoy refuse the configuration
//
// What it knows comes from Gloo's docs and from what Gloo 1.2x itself made of small random worlds, with its
// default settings, two default Gateways and all namespaces watched. [ReadRecords] reads such worlds with
// Gloo's answers, [Agreement] holds the model to them. [Generate] makes other worlds of the same kinds, and
// [Probes] requests to them.
//
// Not modelled: TLS, options except a rewrite by regex, shadowing, destinations that aren't Upstreams, and
// what Gloo does with the last good configuration. A frozen VirtualService has no routes here.
package glooworld
