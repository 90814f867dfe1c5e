package input

// Document is what rules see as `input`: one object, or one change, with the facts that matter to
// them. A key whose fact is not known or does not apply is absent.
type Document struct {
	// Operation is CREATE, UPDATE, DELETE, SCALE, or AUDIT where nothing changes.
	Operation string `json:"operation"`
	// Dialect is the API by which the object says routes: "gloo".
	Dialect string `json:"dialect"`
	// Kind, Namespace and Name are those of the object, Config for a configuration; Noun is what messages call one.
	Kind      string `json:"kind"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Settled: the object has been in the cluster long enough for what it needs to have followed.
	Settled bool `json:"settled,omitempty"`
	// Kept: Aviary keeps the object, of what the Deployments of a living app say. What others change is put back.
	Kept bool `json:"kept,omitempty"`
	// User is who asks; absent in an audit.
	User string `json:"user,omitempty"`

	// Of a table, or another object with routes (subject routes).

	// Routes are in written order.
	Routes *[]Route `json:"routes,omitempty"`
	// APIGroup is the group by which parents select the table; of a Deployment, the app's table.
	APIGroup *APIGroup `json:"apiGroup,omitempty"`
	// Enums are texts that are none of their enum's names and numbers.
	Enums []Enum `json:"enums,omitempty"`
	// Choices are where not exactly one alternative is set.
	Choices []Choice `json:"choices,omitempty"`
	// Faults are places that may keep others' changes from going live.
	Faults []Fault `json:"faults,omitempty"`
	// Ring are the tables by which the table hands on requests to itself, from it on.
	Ring *Ring `json:"ring,omitempty"`
	// SharedDomains are domains of a root that another root of its listener serves, too.
	SharedDomains []SharedDomain `json:"sharedDomains,omitempty"`
	// SharedNames are server names for which another root with other encryption is, too.
	SharedNames []SharedName `json:"sharedNames,omitempty"`
	// Missing is what does not exist and without which the gateway refuses routes.
	Missing []Missing `json:"missing,omitempty"`
	// Obstacles are routes that get no requests, or that leave some requests without an answer.
	Obstacles []Obstacle `json:"obstacles,omitempty"`
	// CrossNamespace is what the routes lead to that is in another namespace, or takes its
	// endpoints from one.
	CrossNamespace []Foreign `json:"crossNamespace,omitempty"`
	// Unready is what a table that Aviary does not keep sends traffic to though it has no available replica, while
	// others have one.
	Unready []Unready `json:"unready,omitempty"`
	// ValidationSkipped: an annotation turns the dialect's own validation off.
	ValidationSkipped bool `json:"validationSkipped,omitempty"`
	// Order is the table's place among the tables of its parent; absent for 0.
	Order int `json:"order,omitempty"`
	// Absent are the tables that the table hands requests on to by name and that are not there.
	Absent []Absent `json:"absent,omitempty"`
	// Delegated tells whether a parent leads requests to the table; absent where no object leads to
	// tables at all. Of a Deployment, to the table that Aviary would write and that does not stand yet.
	Delegated *bool `json:"delegated,omitempty"`
	// Selectors say, where no parent leads to the table, what parents select in its namespace.
	Selectors *[]string `json:"selectors,omitempty"`
	// Unaccepted are routes that no parent hands requests on to, though some lead to the table; of a
	// Deployment, those that the app's table has not yet.
	Unaccepted []Unaccepted `json:"unaccepted,omitempty"`
	// Conflicts are paths that another table has, too, under the same root, or that are in the way of one;
	// of a Deployment, only those that the app's table has not yet.
	Conflicts []Conflict `json:"conflicts,omitempty"`

	// Size is how large the table or the backend is; of a Deployment, the table that Aviary would write. Absent where
	// no bound is near: for at most 100 destinations, and nothing of what else is told.
	Size *Size `json:"size,omitempty"`

	// Of an annotated Deployment (subject deployment).

	// Findings are what reading the annotations found, ready to report; of a table, changes of
	// Aviary's records there.
	Findings *[]Finding `json:"findings,omitempty"`
	// Labels compare the labels with what the annotations say.
	Labels *Labels `json:"labels,omitempty"`
	// Version is the one that the Deployment is after the request; absent for DELETE.
	Version *Version `json:"version,omitempty"`
	// App is the app as it would be after the request.
	App *App `json:"app,omitempty"`
	// Joins are, of a workload that is a version of no app, the versions that it joins.
	Joins []Join `json:"joins,omitempty"`
	// Siblings are the objects that the app needs, as found in the cluster.
	Siblings *[]Sibling `json:"siblings,omitempty"`
	// Author is who asks for a change of the siblings; absent where they don't change.
	Author *Author `json:"author,omitempty"`

	// Of a backend or a Service (subjects backend, service).

	// Backend is what the object says; absent for DELETE.
	Backend *BackendObject `json:"backend,omitempty"`
	// Service is what the object says; absent for DELETE.
	Service *ServiceObject `json:"service,omitempty"`

	// Unserved is what has no endpoints: of a table, what its routes lead to; of a backend, itself; of a
	// Service, what rests on it.
	Unserved []Unserved `json:"unserved,omitempty"`
	// Change is what the request does; absent for AUDIT.
	Change *Change `json:"change,omitempty"`
}

// Route is one route.
type Route struct {
	// Field is the route's path in its object, "spec.routes[1]".
	Field string `json:"field"`
	// Weighted: its destinations are a weighted list, at DestinationsField.
	Weighted          bool   `json:"weighted"`
	DestinationsField string `json:"destinationsField,omitempty"`
	// Sum is that of the weights; -1 if one is missing, negative or above 4294967295; absent
	// without a list.
	Sum Int `json:"sum,omitzero"`
	// Split: weighted, and all destinations share one backend and differ in the version.
	Split bool `json:"split"`
	// Destinations are in written order.
	Destinations []Destination `json:"destinations"`
}

// Destination is where a route sends requests.
type Destination struct {
	// Field is the destination's path in its object.
	Field string `json:"field"`
	// Weight is absent where it is missing, and for a single destination.
	Weight Int `json:"weight,omitzero"`
	// Receives: it gets traffic, being single or of a weight above 0.
	Receives bool `json:"receives"`
	// Target is what does not depend on the route; destinations of a table share it.
	*Target
}

// Target is what a destination comes to.
type Target struct {
	// Label names it in messages: the version, else the subset, else the backend's name.
	Label string `json:"label"`
	// Subset are the labels by which it picks a version; absent if it names none. Unnamed: it names
	// none.
	Subset  map[string]string `json:"subset,omitempty"`
	Unnamed bool              `json:"unnamed,omitempty"`
	// Backend is the object that it names; absent if it names none.
	Backend *Backend `json:"backend,omitempty"`
	// Opaque is the kind of a destination that no object stands for: consul.
	Opaque string `json:"opaque,omitempty"`
	// Declared: the backend lists exactly the subset's keys; absent without a subset, and where the
	// backend is unknown.
	Declared *bool `json:"declared,omitempty"`
	// Deployed: a workload with the labels that the backend selects and those of the version asks for
	// pods (at 0 replicas only if an autoscaler scales it) and is not being deleted; read live, a
	// running Pod that no such workload made counts, too. Absent without a version, where the pods are
	// not in the cluster or nothing selects them, where another version is named than the backend is
	// of, and where a look-up failed.
	Deployed *bool `json:"deployed,omitempty"`
	// Others are, where it is not deployed, the versions of the backend that are, sorted.
	Others *[]string `json:"others,omitempty"`
	// Waiting: none of the others has an available pod yet.
	Waiting bool `json:"waiting,omitempty"`
	// Unknown is why a look-up failed; the facts above are then absent.
	Unknown string `json:"unknown,omitempty"`
}

// Backend is the object that a destination names.
type Backend struct {
	Kind      string `json:"kind"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Exists, Pods (its endpoints are in the cluster) and Subsets (destinations can pick some of
	// them by labels) are absent where a look-up failed; the latter two also where it does not
	// exist.
	Exists  *bool `json:"exists,omitempty"`
	Pods    *bool `json:"pods,omitempty"`
	Subsets *bool `json:"subsets,omitempty"`
	// Fallback is who answers a destination that names none of the subsets, where there are some: all, default (the
	// pods that it names), one (the pods of the one version that it selects) or none.
	Fallback string `json:"fallback,omitempty"`
	// SubsetKeys are the sets of keys that it lists, where the destination's are none of them.
	SubsetKeys *[][]string `json:"subsetKeys,omitempty"`
}

// APIGroup is the group by which parents select a table.
type APIGroup struct {
	// Field is the path of the label or annotation.
	Field string `json:"field"`
	// Value is the group; Before is the one before the request, where it changes. Absent for none.
	Value  *string `json:"value,omitempty"`
	Before *string `json:"before,omitempty"`
	// Allowed is the Namespace's list; absent if it has none, and then any group is right.
	Allowed []string `json:"allowed,omitempty"`
	// SelectedBefore and SelectedAfter tell whether a parent leads to the table, where the group
	// changes.
	SelectedBefore *bool `json:"selectedBefore,omitempty"`
	SelectedAfter  *bool `json:"selectedAfter,omitempty"`
	// LedBy are the namespaces of the parents that lead to the table before, where the group changes; sorted.
	LedBy []string `json:"ledBy,omitempty"`
}

// Enum is a text that the dialect can't read.
type Enum struct {
	Field string `json:"field"`
	Value string `json:"value"`
	// Names are those that it can read; Meant is the one that was probably meant.
	Names []string `json:"names"`
	Meant string   `json:"meant,omitempty"`
}

// Choice is a place where not exactly one alternative is set.
type Choice struct {
	Field string `json:"field"`
	// Of is what is chosen between: action, path (two), destination, backend (two).
	Of string `json:"of"`
	// Set are the alternatives that are set.
	Set []string `json:"set"`
}

// Obstacle keeps a route from the requests that it is meant for, or other requests from an answer.
type Obstacle struct {
	// Kind is shadowed (the route at By takes all of its requests), hanging (it would, if the dialect did not sort the
	// routes), outsorted (the route at By, written later, takes all because it does), overtaken (it takes some),
	// pathless (a matcher has no path), lone (no route takes the requests without its headers), unsure (of the
	// route at By that is not certain), absent (another route takes every other value of its header,
	// and no route the requests that have none), forgetful (the matcher of a delegation has no path, and what it asks
	// for is forgotten), or overwritten (a parent's path takes the place of its own).
	Kind  string `json:"kind"`
	Field string `json:"field"`
	// Label says what the route does. When says what its matcher asks for; of a shadowed route,
	// what the matcher of the other does.
	Label string `json:"label"`
	When  string `json:"when"`
	// By is the field of the route that takes the requests, ByLabel what that one does.
	By      string `json:"by,omitempty"`
	ByLabel string `json:"byLabel,omitempty"`
	// Beside names the table on whose account the dialect sorts: "RouteTable fox/fox-routes".
	Beside string `json:"beside,omitempty"`
	// Rest is what no route takes, of a lone route; of an absent one, what would take it; of an
	// overwritten one, what it takes instead.
	Rest string `json:"rest,omitempty"`
	// Open: no parent leads to the table yet, and one that does may explain it; of an overwritten route,
	// a parent says so, and not the route.
	Open bool `json:"open,omitempty"`
}

// Foreign is something in another namespace than the object that leads to it.
type Foreign struct {
	Field     string `json:"field"`
	Kind      string `json:"kind"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Into is the namespace whose endpoints it takes; absent where that is not known.
	Into string `json:"into,omitempty"`
}

// Unaccepted is a route that gets no requests, because it lacks what every parent asks for.
type Unaccepted struct {
	// Field is the path of the matcher that lacks it, or what people write for it. When are the
	// matcher's conditions in words: "GET /echo with stage=canary".
	Field string `json:"field"`
	When  string `json:"when"`
	// For is what it lacks: prefix, headers, query, methods, case.
	For string `json:"for"`
	// By names the parent and its route: "VirtualService gloo-system/public (spec.virtualHost.routes[0])".
	By string `json:"by"`
	// Wants says what that takes, "paths that begin with /api"; Fix what to do.
	Wants string `json:"wants"`
	Fix   string `json:"fix"`
}

// Conflict is a path that another table has as well, or has one in whose way it is.
type Conflict struct {
	Field string `json:"field"`
	// Relation is same, takes (it comes first and takes requests of the other's path), lifted (takes, but only
	// because of its route's other matchers, by the most specific of which the route is sorted), beneath (it lies
	// beneath the other's path), above (the other's lies beneath it and asks for fewer methods), within (the
	// other is a regular expression that fits it), undecided (both are regular expressions that may fit the
	// same paths), unreached (the other's is tried first and takes all of its requests); or, where the other table
	// is of the same namespace and has the same path, answers (it gets all requests) or silent (the other one
	// does).
	Relation string `json:"relation"`
	// Lead is the version that has this path once it leads the app; empty where it does so already, and in tables.
	Lead string `json:"lead"`
	// Path is that of the table, Theirs that of the other one.
	Path   string `json:"path"`
	Theirs string `json:"theirs"`
	// Compatible: a request may fulfil all other conditions of both routes.
	Compatible bool `json:"compatible"`
	// Ahead: it asks for more methods than the other, so it may come first. Methods are its own.
	Ahead   bool     `json:"ahead"`
	Methods []string `json:"methods"`
	// Table names the other with its noun: "RouteTable echo/echo-routes (spec.routes[0])".
	Table string `json:"table"`
	// Owner is the other's namespace.
	Owner string `json:"owner"`
	// Under is the root that leads to both: "VirtualService gloo-system/public".
	Under string `json:"under"`
	// Invited: the table's namespace asked for requests from that root, which is its own or open to all, or no other leads
	// to the route.
	Invited bool `json:"invited"`
}
