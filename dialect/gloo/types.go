package gloo

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
)

// RouteTable holds routes that a VirtualService or another table delegates to.
type RouteTable struct {
	metav1.TypeMeta
	metav1.ObjectMeta `json:"metadata"`
	Spec              RouteTableSpec `json:"spec"`
}

// RouteTableSpec is a RouteTable's spec. Weight orders tables; it is not traffic (docs/gloo-api.md, Route order).
type RouteTableSpec struct {
	Routes []Route `json:"routes,omitempty"`
	Weight *int32  `json:"weight,omitempty"`
}

// VirtualService holds routes for some domains.
type VirtualService struct {
	metav1.TypeMeta
	convention.Meta `json:"metadata"`
	Spec            struct {
		VirtualHost *VirtualHost    `json:"virtualHost,omitempty"`
		SSLConfig   json.RawMessage `json:"sslConfig,omitempty"`
	} `json:"spec"`
}

// VirtualHost is what a VirtualService serves.
type VirtualHost struct {
	Domains []string     `json:"domains,omitempty"`
	Routes  []Route      `json:"routes,omitempty"`
	Options *HostOptions `json:"options,omitempty"`
}

// HostOptions are those of all routes of a VirtualService. Rest is what is not read.
type HostOptions struct {
	Retries *Retries       `json:"retries,omitempty"`
	Rest    jsontext.Value `json:",embed"`
}

// UpstreamGroup is a weighted list of destinations that routes refer to.
type UpstreamGroup struct {
	metav1.TypeMeta
	convention.Meta `json:"metadata"`
	Spec            struct {
		Destinations []WeightedDestination `json:"destinations,omitempty"`
	} `json:"spec"`
}

// Route is tried in order with its siblings. The four actions are alternatives that the CRD does
// not enforce.
type Route struct {
	Name                 string          `json:"name,omitempty"`
	Matchers             []Matcher       `json:"matchers,omitempty"`
	RouteAction          *RouteAction    `json:"routeAction,omitempty"`
	DelegateAction       *DelegateAction `json:"delegateAction,omitempty"`
	RedirectAction       json.RawMessage `json:"redirectAction,omitempty"`
	DirectResponseAction json.RawMessage `json:"directResponseAction,omitempty"`
	Options              *RouteOptions   `json:"options,omitempty"`
	// Whether the matchers take the parent route's conditions; nil is as the parent.
	InheritableMatchers     *bool `json:"inheritableMatchers,omitempty"`
	InheritablePathMatchers *bool `json:"inheritablePathMatchers,omitempty"`
}

// RouteOptions are the options that Aviary reads or writes, and the Rest. A duration is as written.
type RouteOptions struct {
	Shadowing            *Shadowing    `json:"shadowing,omitempty"`
	RegexRewrite         *RegexRewrite `json:"regexRewrite,omitempty"`
	HostRewritePathRegex *RegexRewrite `json:"hostRewritePathRegex,omitempty"`
	PrefixRewrite        string        `json:"prefixRewrite,omitempty"`
	Timeout              *string       `json:"timeout,omitempty"`
	IdleTimeout          *string       `json:"idleTimeout,omitempty"`
	Retries              *Retries      `json:"retries,omitempty"`
	Faults               *Injected     `json:"faults,omitempty"`

	Rest jsontext.Value `json:",embed"`
}

// Shadowing copies a percentage of the requests to an upstream.
type Shadowing struct {
	Upstream   *Ref    `json:"upstream,omitempty"`
	Percentage float64 `json:"percentage,omitempty"`
}

// RegexRewrite puts another text in the place of what the pattern fits.
type RegexRewrite struct {
	Pattern struct {
		Regex string `json:"regex,omitempty"`
	} `json:"pattern"`
}

// Retries send a request again.
type Retries struct {
	PerTryTimeout *string        `json:"perTryTimeout,omitempty"`
	Rest          jsontext.Value `json:",embed"`
}

// Injected answers a percentage of the requests with an error, or late.
type Injected struct {
	Abort struct {
		Percentage float64 `json:"percentage,omitempty"`
	} `json:"abort"`
	Delay struct {
		Percentage float64 `json:"percentage,omitempty"`
		FixedDelay *string `json:"fixedDelay,omitempty"`
	} `json:"delay"`
}

// Matcher fits a request that fulfils all of its conditions.
type Matcher struct {
	Prefix          *string       `json:"prefix,omitempty"`
	Exact           *string       `json:"exact,omitempty"`
	Regex           *string       `json:"regex,omitempty"`
	ConnectMatcher  *struct{}     `json:"connectMatcher,omitempty"`
	CaseSensitive   *bool         `json:"caseSensitive,omitempty"`
	Headers         []HeaderMatch `json:"headers,omitempty"`
	QueryParameters []HeaderMatch `json:"queryParameters,omitempty"`
	Methods         []string      `json:"methods,omitempty"`
}

// HeaderMatch is a condition on a header or a query parameter; an empty value asks for presence.
type HeaderMatch struct {
	Name        string `json:"name,omitempty"`
	Value       string `json:"value,omitempty"`
	Regex       bool   `json:"regex,omitempty"`
	InvertMatch bool   `json:"invertMatch,omitempty"`
}

// RouteAction sends requests somewhere. The alternatives are not enforced by the CRD.
type RouteAction struct {
	Single        *Destination `json:"single,omitempty"`
	Multi         *Multi       `json:"multi,omitempty"`
	UpstreamGroup *Ref         `json:"upstreamGroup,omitempty"`
	// Both of these name no target that could be looked up.
	ClusterHeader       string          `json:"clusterHeader,omitempty"`
	DynamicForwardProxy json.RawMessage `json:"dynamicForwardProxy,omitempty"`
}

// Multi is a weighted list.
type Multi struct {
	Destinations []WeightedDestination `json:"destinations,omitempty"`
}

// WeightedDestination has a part of the traffic: its weight by the sum of all. A missing one counts
// as 0 (docs/gloo-api.md, Weights).
type WeightedDestination struct {
	Destination *Destination `json:"destination,omitempty"`
	Weight      *int64       `json:"weight,omitempty"`
}

// Destination is an upstream, or something of another kind.
type Destination struct {
	Upstream *Ref            `json:"upstream,omitempty"`
	Kube     json.RawMessage `json:"kube,omitempty"`
	Consul   json.RawMessage `json:"consul,omitempty"`
	Subset   *Subset         `json:"subset,omitempty"`
}

// Ref names an object.
type Ref struct {
	Name      string `json:"name,omitempty"`
	Namespace string `json:"namespace,omitempty"`
}

// DelegateAction hands on to one table or to all that a selector picks. The deprecated name and namespace win.
type DelegateAction struct {
	Name      string              `json:"name,omitempty"`
	Namespace string              `json:"namespace,omitempty"`
	Ref       *Ref                `json:"ref,omitempty"`
	Selector  *RouteTableSelector `json:"selector,omitempty"`
}

// RouteTableSelector picks tables by label and namespace.
type RouteTableSelector struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Namespaces  []string          `json:"namespaces,omitempty"`
	Expressions []Expression      `json:"expressions,omitempty"`
}

// Expression is a condition on one label; Operator is an enum's name or number.
type Expression struct {
	Key      string          `json:"key,omitempty"`
	Operator json.RawMessage `json:"operator,omitempty"`
	Values   []string        `json:"values,omitempty"`
}

// Upstream is a group of endpoints. Of its types only kube is read: no other has subsets (docs/gloo-api.md,
// Upstreams and subsets).
type Upstream struct {
	metav1.TypeMeta
	metav1.ObjectMeta `json:"metadata"`
	Spec              UpstreamSpec `json:"spec"`
}

// UpstreamSpec is an Upstream's spec. Rest is what is not read.
type UpstreamSpec struct {
	Kube   *KubeUpstream   `json:"kube,omitempty"`
	Static json.RawMessage `json:"static,omitempty"`
	Pipe   json.RawMessage `json:"pipe,omitempty"`
	AWS    json.RawMessage `json:"aws,omitempty"`
	Azure  json.RawMessage `json:"azure,omitempty"`
	Consul json.RawMessage `json:"consul,omitempty"`
	AWSEC2 json.RawMessage `json:"awsEc2,omitempty"`
	GCP    json.RawMessage `json:"gcp,omitempty"`
	AI     json.RawMessage `json:"ai,omitempty"`
	Rest   jsontext.Value  `json:",embed"`
}

// KubeUpstream takes the endpoints of a Service; the selector filters them.
type KubeUpstream struct {
	Selector         map[string]string `json:"selector,omitempty"`
	ServiceName      string            `json:"serviceName,omitempty"`
	ServiceNamespace string            `json:"serviceNamespace,omitempty"`
	ServicePort      int32             `json:"servicePort,omitempty"`
	SubsetSpec       *SubsetSpec       `json:"subsetSpec,omitempty"`
}

// SubsetSpec lists the sets of label keys by which destinations may pick endpoints.
// FallbackPolicy is an enum's name or number; DefaultSubset counts with one of them.
type SubsetSpec struct {
	Selectors      []SubsetSelector `json:"selectors,omitempty"`
	FallbackPolicy json.RawMessage  `json:"fallbackPolicy,omitempty"`
	DefaultSubset  *Subset          `json:"defaultSubset,omitempty"`
}

// SubsetSelector is one set of keys.
type SubsetSelector struct {
	Keys []string `json:"keys,omitempty"`
}
