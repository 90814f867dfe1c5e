// Package judge decides about one object or one change: it asks a [fact.Reader] for the facts, puts
// them into the input document (policy/README.md) and has the rules evaluated. Webhook, audit,
// re-judgement and command line call the same method; only where the facts come from differs. What a
// dialect's objects mean is for the dialect to say, by the list of kinds.
//
// Where what rules see is made:
//
//   - decision.go begins: table.go, table_goes.go, workload.go, backend.go, service.go, by the kind of the object;
//     regrouped.go for a Namespace or a configuration.
//   - app, version: app_change.go (before and after), describe.go; siblings: siblings.go, adopted.go; joins: joins.go;
//     author: author.go, removed.go; apiGroup: api_group.go; size: size*.go; blocked and lag: blocked.go, lag.go,
//     waiting.go.
//   - routes[] and what a destination comes to: resolve.go (backend, declared, deployed, idle, others), both.go,
//     missing.go, cross_namespace.go; unserved: unserved*.go, target.go, behind.go; unready: unready.go.
//   - obstacles: obstacle.go, view.go, elsewhere.go; conflicts: path*.go, near.go, planned_conflicts.go; unaccepted:
//     unaccepted.go; faults: faults.go, domains.go, server_names.go.
//   - kept: kept.go, which also has findings about what Aviary keeps name the Deployment to change.
//   - change: consequences.go (what is about the app), promotion.go (promotion, moved), lost.go, traffic_shares.go
//     (weight, rises, carrier), stranded.go and stranded_backend.go (stranded), cut_off.go and cut*.go (cutOff),
//     left_alone.go (alone), handed_on.go (handed), woken.go (woken), server_names.go (exposed),
//     users.go (users), records.go.
//   - what of other namespaces may hold the object (reached, holders, ways): holders.go.
//
// After the rules: ratchet.go, what the old object had as well; affected*.go, named.go: whom a change concerns.
package judge
