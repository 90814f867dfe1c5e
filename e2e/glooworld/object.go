package glooworld

import "encoding/json"

// object is what Kubernetes objects of all kinds have.
type object struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   metadata `json:"metadata"`
}

type metadata struct {
	Name      string            `json:"name"`
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels,omitempty"`
}

// ref names an object.
type ref struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
}

func (r ref) String() string { return r.Namespace + "/" + r.Name }

func (m metadata) ref() ref { return ref{m.Name, m.Namespace} }

// routeTable is a RouteTable.
type routeTable struct {
	object
	Spec struct {
		Routes []route `json:"routes,omitempty"`
		Weight int32   `json:"weight,omitempty"`
	} `json:"spec"`
}

// virtualService is a VirtualService.
type virtualService struct {
	object
	Spec struct {
		VirtualHost *virtualHost `json:"virtualHost,omitempty"`
	} `json:"spec"`
}

type virtualHost struct {
	Domains []string `json:"domains,omitempty"`
	Routes  []route  `json:"routes,omitempty"`
}

// upstream is an Upstream. Only those of kind kube can have subsets.
type upstream struct {
	object
	Spec struct {
		Kube *struct {
			SubsetSpec *struct {
				Selectors []struct {
					Keys []string `json:"keys"`
				} `json:"selectors"`
			} `json:"subsetSpec,omitempty"`
		} `json:"kube,omitempty"`
	} `json:"spec"`
}

// upstreamGroup is an UpstreamGroup.
type upstreamGroup struct {
	object
	Spec multi `json:"spec"`
}

// route is a route of a RouteTable or of a VirtualService. It should have one action; of several Gloo takes
// the last in the order below.
type route struct {
	Matchers                []Matcher       `json:"matchers,omitempty"`
	InheritableMatchers     *bool           `json:"inheritableMatchers,omitempty"`
	InheritablePathMatchers *bool           `json:"inheritablePathMatchers,omitempty"`
	RouteAction             *routeAction    `json:"routeAction,omitempty"`
	RedirectAction          *redirectAction `json:"redirectAction,omitempty"`
	DirectResponseAction    *directResponse `json:"directResponseAction,omitempty"`
	DelegateAction          *delegateAction `json:"delegateAction,omitempty"`
	Options                 *options        `json:"options,omitempty"`
}

type routeAction struct {
	Single        *destination `json:"single,omitempty"`
	Multi         *multi       `json:"multi,omitempty"`
	UpstreamGroup *ref         `json:"upstreamGroup,omitempty"`
}

type multi struct {
	Destinations []weightedDestination `json:"destinations"`
}

type weightedDestination struct {
	Destination destination `json:"destination"`
	Weight      *uint32     `json:"weight,omitempty"`
}

type destination struct {
	Upstream ref     `json:"upstream"`
	Subset   *subset `json:"subset,omitempty"`
}

type subset struct {
	Values map[string]string `json:"values"`
}

type redirectAction struct {
	PathRedirect string        `json:"pathRedirect,omitempty"`
	RegexRewrite *regexRewrite `json:"regexRewrite,omitempty"`
}

type regexRewrite struct {
	Pattern struct {
		Regex string `json:"regex"`
	} `json:"pattern"`
	Substitution string `json:"substitution"`
}

type directResponse struct {
	Status uint32 `json:"status"`
}

type options struct {
	RegexRewrite *regexRewrite `json:"regexRewrite,omitempty"`
}

// delegateAction hands a route's requests to tables: to the one that the deprecated name and namespace name,
// else to that of ref, else to those of selector.
type delegateAction struct {
	Name      string    `json:"name,omitempty"`
	Namespace string    `json:"namespace,omitempty"`
	Ref       *ref      `json:"ref,omitempty"`
	Selector  *selector `json:"selector,omitempty"`
}

type selector struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Namespaces  []string          `json:"namespaces,omitempty"`
	Expressions []expression      `json:"expressions,omitempty"`
}

type expression struct {
	Key      string          `json:"key"`
	Operator json.RawMessage `json:"operator,omitempty"` // A name, or its number.
	Values   []string        `json:"values,omitempty"`
}
