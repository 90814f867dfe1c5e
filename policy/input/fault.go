package input

// Fault is a place at which the dialect's controllers or the gateway stumble.
type Fault struct {
	// Kind is what is wrong: regex, regex-size, name, status, body, list, weights, matchers, prefix, path-missing,
	// path, duration, percentage, mirror, mirror-idle, namespace, domain, domain-twice.
	Kind  string `json:"kind"`
	Field string `json:"field"`
	// Value is the text at the field; Why is what is wrong with it.
	Value string `json:"value"`
	Why   string `json:"why,omitempty"`
	// Reach says whose changes it keeps from going live: all (everybody's), root (under the same root), listener (under
	// all roots of the listener), kind (all objects of its kind, as it can't be read), checked (everybody's, where the
	// dialect's own validation refuses errors).
	Reach string `json:"reach"`
	// Dormant: no requests come to the route now, so it does no harm yet.
	Dormant bool `json:"dormant,omitempty"`
}

// Ring is a ring of tables, each of which hands on requests to the next, and the last to the first.
type Ring struct {
	// Field is what holds the table's routes.
	Field string `json:"field"`
	// Tables are their names: "echo/echo-routes".
	Tables []string `json:"tables"`
	// Dormant: no requests come to it now.
	Dormant bool `json:"dormant,omitempty"`
}

// SharedDomain is a domain that another root serves, too.
type SharedDomain struct {
	Field  string `json:"field"`
	Domain string `json:"domain"`
	// Root is the other: "VirtualService gloo-system/public"; one of another namespace if there is one. More counts
	// further ones.
	Root string `json:"root"`
	More int    `json:"more,omitempty"`
	// Owner is its namespace.
	Owner string `json:"owner"`
	// Apart: the two have different encryption, by more than the server names.
	Apart bool `json:"apart,omitempty"`
	// Going: the other is being deleted.
	Going bool `json:"going,omitempty"`
}

// SharedName is a server name for which another root with other encryption is, too.
type SharedName struct {
	Field string `json:"field"`
	// Name is empty where both are for every name.
	Name string `json:"name"`
	// Root is the other, one of another namespace if there is one. More counts further ones, Owner is its namespace.
	Root  string `json:"root"`
	More  int    `json:"more,omitempty"`
	Owner string `json:"owner"`
	// Going: the other is being deleted.
	Going bool `json:"going,omitempty"`
}

// Missing is an object that does not exist.
type Missing struct {
	Field     string `json:"field"`
	Kind      string `json:"kind"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Cuts: the weighted list ends at this destination, and none before it has a weight. Else it is a list that a route
	// refers to.
	Cuts bool `json:"cuts,omitempty"`
	// Dormant: no requests come to the route now.
	Dormant bool `json:"dormant,omitempty"`
}

// Absent is a table that is not there, and Field the path of what names it.
type Absent struct {
	Field     string `json:"field"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}
