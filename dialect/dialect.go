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
	// Leaders returns the namespaces of what hands requests on to a table itself, sorted.
	Leaders(t *fact.Table) []string
	// Direct reports whether one table hands requests on to another itself.
	Direct(from, to *fact.Table) bool
	// Named returns the tables that a table hands requests on to by their names, which may not be there.
	Named(t *fact.Table) []Named
	// Naming returns those that hand requests on to a table by its name, each once.
	Naming(t *fact.Table) []route.ID
	// Ways returns how requests come to the table from outside, through any number of others: one for each chain of
	// them, and one to a root itself.
	Ways(t *fact.Table) []Way
	// Wanted says in words what a table of its namespace has to look like to be led to, sorted. Of very much it says some.
	Wanted(t *fact.Table) []string
	// Under returns the tables that a table hands requests on to, by way of others, too.
	Under(ctx context.Context, t *fact.Table) ([]*fact.Table, error)
	// Below returns a test for the tables that one of the tables hands requests on to, by way of others, too.
	Below(tables ...*fact.Table) func(*fact.Table) bool
	// Rooted reports whether there is a way in that hands on requests. Without one it is not known what is reached.
	Rooted() bool
	// Far reports whether more leads to the table than is followed, so that requests may come by ways that are not told.
	Far(t *fact.Table) bool
	// Ring returns the tables by which a table hands on requests to itself, from it on; nil if it does not. Reached
	// tells whether requests come to it, or may, where it is not known.
	Ring(t *fact.Table) (tables []route.ID, reached bool)
}

// Named is a table that a route names; Field is the path of the reference.
type Named struct {
	Field string
	route.ID
}

// Way is one way by which requests come to a table.
type Way interface {
	// Root stands for a listener and its domains: what comes in by two roots never meets.
	Root() route.ID
	// Take returns the matchers by which the table's route gets requests this way, with what it takes from its parents; or
	// why the dialect drops the route.
	Take(*route.Route) ([]route.Matcher, *Drop)
	// Asked are the headers that every request has which comes this way.
	Asked() []route.Header
	// IdleMirror returns the mirror that the table's route has from a parent this way, where it answers by itself and the
	// dialect takes that for an error; the field is in that parent. Nil for none.
	IdleMirror(*route.Route) (mirror *route.Reference, parent route.ID)
	// Through are the objects that hand requests on to the table this way, the nearest first; none for a root itself.
	Through() []*fact.Table
	// Mixed returns a table with whose routes the dialect sorts those of the table; nil if it tries them as written.
	Mixed(ctx context.Context) (*fact.Table, error)
	// Sorted returns the indexes of routes, as taken, in the order into which the dialect then sorts them.
	Sorted([]route.Route) []int
	// Beside reports whether the last parent hands on both ways by one route, so that the tables' places count.
	Beside(other Way) bool
	// Picks reports whether the last parent hands requests on to the table, too, by the route by which this way goes on.
	Picks(t *fact.Table) bool
	// Before reports whether the dialect tries a route before another one, to which requests come from the same root.
	Before(ctx context.Context, mine Place, other Way, theirs Place) (bool, error)
}

// Place is a route at the end of a way: its index in the table, and the matchers by which it is taken.
type Place struct {
	Route    int
	Matchers []route.Matcher
}

// Drop is why a route gets no requests by one way: what a parent asks of the routes below it, and this one hasn't.
type Drop struct {
	// Parent is the object, Field its route that asks.
	Parent route.ID
	Field  string
	// Matcher is the index of the matcher that hasn't what is asked.
	Matcher int
	For     DropReason
	// Wants says in words what the parent takes, Fix what to do.
	Wants, Fix string
}

// DropReason is what a route lacks.
type DropReason string

// The reasons.
const (
	ByPath    DropReason = "prefix"
	ByHeaders DropReason = "headers"
	ByQuery   DropReason = "query"
	ByMethods DropReason = "methods"
	ByCase    DropReason = "case"
)

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
	// Service is whose endpoints a backend takes; zero for none, and for a Service itself. Port is the one of its ports
	// that the backend names; 0 for none.
	Service route.Ref
	Port    int32
	// Falls: the pods with the labels of Default answer a destination that names none of the subsets, or one that no pod
	// has: all, if it is empty. Else nobody does.
	Falls   bool
	Default map[string]string
	// Apart: the backend picks, of the Service's Pods, such as the Service does not pick.
	Apart bool
}
