package input

// Change is what a request does.
type Change struct {
	// Promotion is there if another version is declared primary and would get a larger share.
	Promotion *Promotion `json:"promotion,omitempty"`
	// Moved is there if the request takes traffic from the version applied.
	Moved *Moved `json:"moved,omitempty"`
	// Stranded are routes that would send traffic to nobody: hand-made ones, and where a backend or a Service changes
	// also those that Aviary keeps.
	Stranded []Stranded `json:"stranded,omitempty"`
	// Dropped are paths that the app's route would no longer serve. Lead is the version whose
	// annotations say the paths.
	Dropped []string `json:"dropped,omitempty"`
	Lead    string   `json:"lead,omitempty"`
	// LeadReturns: it was primary before, and leads again by this request.
	LeadReturns bool `json:"leadReturns,omitempty"`
	// Lost is there if the app's own route would be gone, or would send traffic to a version
	// without a workload.
	Lost *Lost `json:"lost,omitempty"`
	// Scaled: the request takes the workload from some replicas to 0.
	Scaled bool `json:"scaled"`
	// LastVersion: it removes the app's last version. SwitchOff: it scales the only running version
	// to 0.
	LastVersion bool `json:"lastVersion"`
	SwitchOff   bool `json:"switchOff"`
	// Weight is the step of the canary's own weight, where it rises.
	Weight *Step `json:"weight,omitempty"`
	// Rises are shares of the main routes, as declared, that the request raises.
	Rises []Rise `json:"rises,omitempty"`
	// Carrier is, with Rises, the version with the largest share before.
	Carrier *Carrier `json:"carrier,omitempty"`
	// CutOff are tables with live routes to which nobody would lead any more, together where their ways are the same.
	CutOff []CutOff `json:"cutOff,omitempty"`
	// Alone are header routes of other tables whose rest the table routed and would not any more: the first twenty.
	Alone []Alone `json:"alone,omitempty"`
	// Handed are paths at which the request has requests come to tables, and that other namespaces' tables have: the first
	// twenty.
	Handed []Handed `json:"handed,omitempty"`
	// Woken are faults of other objects to which requests come by the request, and did not before: the first twenty.
	Woken []Woken `json:"woken,omitempty"`
	// Exposed are server names for which two other roots would be by the request, and were not: the first twenty.
	Exposed []Exposed `json:"exposed,omitempty"`
	// Users are objects with routes that the request takes something from: a backend, the keys by
	// which they pick pods, or a Service. Of a new backend they are those that wait for it and name
	// keys that it lacks.
	Users *[]User `json:"users,omitempty"`
	// Idle: the backend that is removed takes the endpoints of a Service that does not exist.
	Idle bool `json:"idle,omitempty"`
}

// CutOff are tables of which a route gets requests by way of the object, sends them to a version that has an
// available replica, and would get none after the request, or none for some domains.
type CutOff struct {
	Count int `json:"count"`
	// Tables name the first twenty with their nouns: "RouteTable echo/echo-routes".
	Tables []string `json:"tables"`
	// Ways are, where a label changes, those by which requests come to these routes: of each, the namespaces of the
	// parents on it that are others than the table's. Absent where a way has none.
	Ways [][]string `json:"ways,omitempty"`
	// Domains are those, the first twenty, for which requests came and would not any more, where others lead to the tables
	// for other domains. Partly: for one for which they came, or a part of it, they would go on coming.
	Domains []string `json:"domains,omitempty"`
	Partly  bool     `json:"partly,omitempty"`
	// Far: more leads to the tables than is followed, so that requests may still come.
	Far bool `json:"far,omitempty"`
}

// Alone is a header route of another table whose rest nobody would route any more.
type Alone struct {
	// Kind is that of the obstacle that it would have: lone or absent.
	Kind string `json:"kind"`
	// Table names its table with its noun, Field is its matcher, Label what it does with requests.
	Table string `json:"table"`
	Field string `json:"field"`
	Label string `json:"label"`
	// When are the conditions of its matcher, Rest those of the route that is missing.
	When string `json:"when"`
	Rest string `json:"rest"`
	// Own: both tables are of one namespace.
	Own bool `json:"own"`
}

// Handed is a path at which a table gets requests by a change of a parent.
type Handed struct {
	// To names the table with its noun.
	To string `json:"to"`
	// Served: the other table got requests from the same root before.
	Served bool `json:"served"`
	// Conflict is between the two; its field is in the table that gets requests.
	Conflict Conflict `json:"conflict"`
}

// Woken is a fault of a table that a parent leads to, or of a group that a route names.
type Woken struct {
	// Field is where the object under judgement leads there.
	Field string `json:"field"`
	// Of names the other object with its noun.
	Of string `json:"of"`
	// Fault is the fault; its field is in the other object.
	Fault Fault `json:"fault"`
}

// Exposed is a server name that two roots with different encryption have once the object no longer is for every name.
type Exposed struct {
	// Field is what the request changes.
	Field string `json:"field"`
	Name  string `json:"name"`
	// Roots name the two with their nouns.
	Roots []string `json:"roots"`
	// Frozen: the object and another root were both for every name before, so nothing went live then either.
	Frozen bool `json:"frozen"`
}

// Promotion is a change of the effective primary.
type Promotion struct {
	From string `json:"from"`
	To   string `json:"to"`
	// Implicit: no version states the role.
	Implicit bool `json:"implicit"`
	// ShareBefore is the part of the main routes that To has in effect, in percent: by the live table, if
	// Aviary keeps one. Declared is the part that it has by what the app says.
	ShareBefore int `json:"shareBefore"`
	Declared    int `json:"declared"`
	// FromAvailable and ToAvailable are the available replicas.
	FromAvailable int `json:"fromAvailable"`
	ToAvailable   int `json:"toAvailable"`
	// GoingBack: To was the primary before, with the containers that it has now.
	GoingBack bool `json:"goingBack"`
	// Lag is there if the live table does not follow what the app says.
	Lag *Lag `json:"lag,omitempty"`
	// Stamp: To is created with the time of a promotion, and says another role.
	Stamp bool `json:"stamp,omitempty"`
}

// Lag says that an app's table does not follow yet.
type Lag struct {
	// Object names the table: "RouteTable echo-routes".
	Object string `json:"object"`
	// Follows is what it was made of: "v1 primary, v2 canary 10".
	Follows string `json:"follows"`
	// Since and Why say since when Aviary can't write it, and why; absent where that is not known.
	Since string `json:"since,omitempty"`
	Why   string `json:"why,omitempty"`
	// Unroutable: the roles and weights make no plan, so there is nothing that the table could follow.
	Unroutable bool `json:"unroutable,omitempty"`
	// Deployment has the Events that say why, if it lasts and there is a leader.
	Deployment string `json:"deployment,omitempty"`
}

// Moved is what a request takes from the version applied.
type Moved struct {
	// What is said anew: "weight 100 → 10".
	What    string `json:"what"`
	Percent int    `json:"percent"`
	// To are the versions that get it.
	To []string `json:"to,omitempty"`
}

// Stranded is a route that would send traffic to nobody.
type Stranded struct {
	// Object names the table: "RouteTable echo/hand-made".
	Object    string `json:"object"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Field     string `json:"field"`
	// Version is the one that the route names; absent if it names none.
	Version string `json:"version,omitempty"`
	// Backend names what the route leads to, with its noun: "upstream echo/echo".
	Backend string `json:"backend"`
	// Others are the versions that would still be deployed.
	Others []string `json:"others"`
	// App is the one that Aviary keeps the table for; absent for hand-made ones.
	App string `json:"app,omitempty"`
	// Last: nobody has the version already, and the workload is the last that answers in its place.
	Last bool `json:"last,omitempty"`
	// Lacks says, where a backend or a Service changes, what is missing then: service (there is none), pods (it is an
	// alias), overlap (backend and Service exclude each other), workload (nobody is there), version (somebody is, but
	// without the version), or fallback (somebody is, but may not answer).
	Lacks string `json:"lacks,omitempty"`
	// Labels are those that nobody has: "app=echo, version=v1". Service is whose endpoints they are.
	Labels  string `json:"labels,omitempty"`
	Service string `json:"service,omitempty"`
	// Reached: something leads requests to the table, or to one that refers to it; absent for one of the object's own
	// namespace.
	Reached *bool `json:"reached,omitempty"`
}

// Lost is a share of the traffic that would go to nobody.
type Lost struct {
	Version string `json:"version,omitempty"`
	Share   Int    `json:"share,omitzero"`
	// Lag is there if the live table does not follow what the app says.
	Lag *Lag `json:"lag,omitempty"`
	// Heir is the version that shall get it and has no available replica.
	Heir string `json:"heir,omitempty"`
}

// Step is a rise of a weight, in percent.
type Step struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Rise is a share of the main routes that grows, in percent.
type Rise struct {
	Version string `json:"version"`
	Role    string `json:"role"`
	From    int    `json:"from"`
	To      int    `json:"to"`
	// Available is at most what the version asks for. It is absent for one that is just being created, or that an
	// autoscaler wakes.
	Available Int `json:"available,omitzero"`
}

// Carrier is the version with the largest share.
type Carrier struct {
	Version   string `json:"version"`
	Available int    `json:"available"`
}

// User is an object with routes that use a backend or a Service.
type User struct {
	// Object names it: "RouteTable echo/by-hand".
	Object    string `json:"object"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Field is the first of its destinations that does; More counts the others with the same Keys.
	Field string   `json:"field"`
	More  int      `json:"more"`
	Keys  []string `json:"keys"`
	// Mirror: it only sends copies of requests there, and nobody sees the answers.
	Mirror bool `json:"mirror,omitempty"`
	// App is the one that Aviary manages the object for; absent for objects of somebody else's.
	App string `json:"app,omitempty"`
	// Backend names the one through which it comes to a Service: "Upstream echo/echo"; absent where
	// it names the Service itself.
	Backend string `json:"backend,omitempty"`
	// Reached is as that of a stranded route's table.
	Reached *bool `json:"reached,omitempty"`
}

// Size is how large a table is, or a backend.
type Size struct {
	// Object names it: "RouteTable echo/echo-routes". Field is the path of what makes it large: the
	// list of routes; of a Deployment, the annotation with the paths.
	Object string `json:"object"`
	Field  string `json:"field"`
	// Planned: Aviary would write it.
	Planned bool `json:"planned,omitempty"`
	// Destinations counts those of all routes; a route without any counts as one.
	Destinations int `json:"destinations"`
	// Matchers counts those of all routes, a route without any as one; absent for at most 100.
	Matchers Int `json:"matchers,omitzero"`
	// Delegations counts the routes that hand requests on, each once for every namespace that its selector
	// names; absent for at most 100.
	Delegations Int `json:"delegations,omitzero"`
	// RegexBytes is the length of all regular expressions; absent for at most 4 KiB.
	RegexBytes Int `json:"regexBytes,omitzero"`
	// Bytes is the size of what Aviary would write, as JSON; absent for at most 512 KiB.
	Bytes Int `json:"bytes,omitzero"`
	// DestinationsBefore and the others are those before the request; absent where there was no
	// table, or none near a bound.
	DestinationsBefore Int `json:"destinationsBefore,omitzero"`
	MatchersBefore     Int `json:"matchersBefore,omitzero"`
	DelegationsBefore  Int `json:"delegationsBefore,omitzero"`
	RegexBytesBefore   Int `json:"regexBytesBefore,omitzero"`
	BytesBefore        Int `json:"bytesBefore,omitzero"`
	// InNamespace is what all routing objects of its namespace have together; absent where no bound is near.
	InNamespace *NamespaceSize `json:"inNamespace,omitempty"`
	// Unfollowed: more ways of requests lead to the table than are followed.
	Unfollowed bool `json:"unfollowed,omitempty"`
	// Uncompared: the namespace's tables have more matchers near its own than are compared.
	Uncompared bool `json:"uncompared,omitempty"`
}

// NamespaceSize is what the routing objects of a namespace have together, with the request. Absent is what the object
// has none of itself.
type NamespaceSize struct {
	// Delegations and Matchers count as those of a table, but a path that is a regular expression as twenty matchers, and
	// Bytes is about what Aviary keeps in memory; absent for at most 100, 1,000 and 1 MiB.
	Delegations Int `json:"delegations,omitzero"`
	Matchers    Int `json:"matchers,omitzero"`
	Bytes       Int `json:"bytes,omitzero"`
	// DelegationsBefore and the others are those before the request; absent in an audit.
	DelegationsBefore Int `json:"delegationsBefore,omitzero"`
	MatchersBefore    Int `json:"matchersBefore,omitzero"`
	BytesBefore       Int `json:"bytesBefore,omitzero"`
}
