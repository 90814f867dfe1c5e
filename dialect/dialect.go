package dialect

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Dialect is one API by which routes are said.
type Dialect interface {
	// Name is the word for it in a rule's METADATA and in the input document.
	Name() string
	// Kinds are those that the dialect adds.
	Kinds() []Kind
	// Annotations are the keys of the annotations on Services that mean something in it.
	Annotations() []string
	// Siblings returns what stands beside an app, in the order of application.
	Siblings(app *convention.App, p convention.Plan) []Sibling
	// Unfit says what keeps an app from using somebody else's backend (aviary.dev/use), a phrase
	// each.
	Unfit(app *convention.App, b *fact.Backend) []string
	// Parents returns what leads requests to the tables of one world.
	Parents(ctx context.Context, facts fact.Reader) (Parents, error)
	// Endpoints returns what stands behind a backend of the dialect, or behind a Service that a
	// destination names.
	Endpoints(ctx context.Context, b *route.Backend, facts fact.Reader, keys convention.LabelKeys) (Endpoints, error)
	// Semantics says how routes are compared.
	Semantics() route.Semantics
}

// Sibling is one object that should stand beside an app. What it holds is made when it is asked
// for.
type Sibling struct {
	route.ID
	// Object returns it for the API server: with the labels of what Aviary manages and nothing of a
	// cluster's.
	Object func() *unstructured.Unstructured
	// Fact returns what [Kind.Fact] would read from Object, without the way through JSON.
	Fact func() fact.Fact
}

// Parents answers how requests come to the tables of one world. It serves one decision.
type Parents interface {
	// Lead reports whether anything but the table itself hands requests on to it. Known is false
	// where nothing in the world hands on requests at all, so that nothing can be said.
	Lead(t *fact.Table) (leads, known bool)
	// Direct reports whether one table hands requests on to another itself.
	Direct(from, to *fact.Table) bool
	// Ways returns how requests come to the table from outside, through any number of others.
	Ways(t *fact.Table) []Way
	// Wanted says in words what a table of its namespace has to look like to be led to, sorted.
	Wanted(t *fact.Table) []string
	// Asked returns the headers that all who lead to the table ask for.
	Asked(t *fact.Table) []route.Header
	// HandsPath reports whether a parent hands the path of its route down to the table.
	HandsPath(t *fact.Table) bool
	// Below returns a test for the tables that a table hands requests on to, by way of others, too.
	Below(t *fact.Table) func(*fact.Table) bool
}

// Way is one way by which requests come to a table.
type Way struct {
	// Root stands for a listener and its domains: what comes in by two roots never meets.
	Root route.ID
	// Admits reports whether requests that fit the matcher of the table's route come this way.
	Admits func(route.Route, route.Matcher) bool
}

// Endpoints is what a backend comes to.
type Endpoints struct {
	// Exists: there is such an object.
	Exists bool
	// Pods: the endpoints are Pods of the cluster, or would be if it existed. Of others nothing
	// more is known.
	Pods bool
	// Namespace and Selector pick the Pods of all versions; the selector is nil if there is none to
	// be found.
	Namespace string
	Selector  map[string]string
	// Labels are those of the version that is meant; empty if none is.
	Labels map[string]string
	// Subsets: destinations can pick some of the endpoints by labels; SubsetKeys are the sets of
	// keys.
	Subsets    bool
	SubsetKeys [][]string
	// Declared tells whether the labels that the destination names are one of the sets; nil where
	// that is no question.
	Declared *bool
	// Service is whose endpoints a backend takes; zero for none, and for a Service itself.
	Service route.Ref
}
