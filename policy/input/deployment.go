package input

// Finding is something that reading the annotations found.
type Finding struct {
	Field   string `json:"field"`
	Message string `json:"message"`
	Fix     string `json:"fix"`
	// Severity is warn for a warning; absent otherwise.
	Severity string `json:"severity,omitempty"`
	// Evidence: it depends on another object.
	Evidence bool `json:"evidence,omitempty"`
	// Annotation is the key of the annotation that it is about; absent if it is about none.
	Annotation string `json:"annotation,omitempty"`
}

// Labels compare what labels say with what the annotations say. All are keyed by app and version,
// whatever the label keys are.
type Labels struct {
	// Keys are the configured label keys.
	Keys map[string]string `json:"keys"`
	// Want is what the annotations say. Template and Selector are what the labels there say, as far
	// as they are present.
	Want     map[string]string `json:"want"`
	Template map[string]string `json:"template"`
	Selector map[string]string `json:"selector"`
	// Agree: both say what the annotations say.
	Agree bool `json:"agree"`
}

// Version is the version that the request's Deployment is.
type Version struct {
	Version    string `json:"version"`
	Deployment string `json:"deployment"`
	// Role is the one in effect.
	Role   string `json:"role"`
	Weight int    `json:"weight"`
}

// App is an app as it would be after the request.
type App struct {
	Name string `json:"name"`
	// TargetPort is a number or a name; absent if the Service is somebody else's, or if none can be
	// told.
	TargetPort string `json:"targetPort,omitempty"`
	// Versions are sorted by name.
	Versions []Member `json:"versions"`
	// Duplicates are other Deployments that say the same app and version as the request's.
	Duplicates []string `json:"duplicates"`
	// Joined are, where something changes, the workloads that are a version of no app and whose Pods have the labels of
	// the request's: "StatefulSet echo-db". The first twenty.
	Joined []string `json:"joined,omitempty"`
	// Primary is the effective one; absent for none.
	Primary string `json:"primary,omitempty"`
	// Canaries and Shadows are the versions of that role in effect, sorted.
	Canaries []string `json:"canaries"`
	Shadows  []string `json:"shadows"`
	// WeightSum is that of the canaries.
	WeightSum int `json:"weightSum"`
	// State is routed, unrouted (there is no version to route to), retired, or invalid.
	State string `json:"state"`
	// Unstated: no version states primary, and which one is rests on who was it before.
	Unstated bool `json:"unstated,omitempty"`
	// HadRoute: the app has a table, or had a valid plan before the request.
	HadRoute bool `json:"hadRoute"`
}

// Join is a version whose requests come to the Pods of the workload, too, which is a version of no app.
type Join struct {
	App        string `json:"app"`
	Version    string `json:"version"`
	Deployment string `json:"deployment"`
	// Key is the label by which versions are told apart.
	Key string `json:"key"`
}

// Member is a version of an app.
type Member struct {
	Version    string `json:"version"`
	Deployment string `json:"deployment"`
	// Role is the one in effect: primary, canary, shadow, standby, superseded. Stated is the one
	// that is written.
	Role   string `json:"role"`
	Stated string `json:"stated"`
	// Implicit: it is primary because no version states that it is.
	Implicit bool `json:"implicit"`
	Weight   int  `json:"weight"`
	// Replicas is what it asks for, Available what serves.
	Replicas  int `json:"replicas"`
	Available int `json:"available"`
	// Serves: its containers serve the app's target port.
	Serves bool `json:"serves"`
}

// Sibling is an object that the app needs, as found in the cluster.
type Sibling struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Exists    bool   `json:"exists"`
	// Managed: Aviary manages it for this app.
	Managed bool `json:"managed"`
	// Used: the app uses somebody else's, by aviary.dev/use. Unfit says what about that one does
	// not fit.
	Used  bool     `json:"used,omitempty"`
	Unfit []string `json:"unfit,omitempty"`
	// Use is the value of aviary.dev/use for its kind; absent where there is none.
	Use string `json:"use,omitempty"`
	// Shadow is the version that alone it is for; absent where it is for all.
	Shadow string `json:"shadow,omitempty"`
}

// Author is who asks for a change of the siblings.
type Author struct {
	User string `json:"user"`
	// SelfService is what the Namespace's label aviary.dev/self-service says.
	SelfService string `json:"selfService,omitempty"`
	// Lacks are the rights that are missing, "create upstreams.gloo.solo.io"; absent where they are
	// not asked for.
	Lacks *[]string `json:"lacks,omitempty"`
	// Unknown is why they could not be asked for.
	Unknown string `json:"unknown,omitempty"`
}

// BackendObject is the backend that is judged.
type BackendObject struct {
	// Pods: its endpoints are in the cluster; of others nothing more is known.
	Pods     bool              `json:"pods"`
	Selector map[string]string `json:"selector,omitempty"`
	// SubsetKeys are the sets of keys by which routes may pick pods.
	SubsetKeys *[][]string `json:"subsetKeys,omitempty"`
	// OtherValues are others than its selector has of its subset keys, by which routes pick pods there.
	OtherValues []OtherValue `json:"otherValues,omitempty"`
	// Service has the endpoints that it takes.
	Service *BackendService `json:"service,omitempty"`
}

// BackendService is the Service whose endpoints a backend takes.
type BackendService struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Selector is absent if the Service does not exist.
	Selector *map[string]string `json:"selector,omitempty"`
	// OtherValues is as that of the backend, for this selector.
	OtherValues []OtherValue `json:"otherValues,omitempty"`
}

// ServiceObject is the Service that is judged.
type ServiceObject struct {
	Selector map[string]string `json:"selector"`
	// Backends are those that take its endpoints, sorted.
	Backends []ServiceBackend `json:"backends"`
}

// ServiceBackend is a backend that takes a Service's endpoints.
type ServiceBackend struct {
	Kind       string     `json:"kind"`
	Namespace  string     `json:"namespace"`
	Name       string     `json:"name"`
	SubsetKeys [][]string `json:"subsetKeys"`
	// OtherValues are others than the Service selects of these keys, by which routes pick pods there.
	OtherValues []OtherValue `json:"otherValues,omitempty"`
}

// OtherValue is the least value of a key that the tables of one namespace pick and a selector has not.
type OtherValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Object names such a table: "RouteTable echo/by-hand".
	Object    string `json:"object"`
	Namespace string `json:"namespace"`
	// Reached is as that of a stranded route's table.
	Reached *bool `json:"reached,omitempty"`
}

// Unserved is an object without endpoints.
type Unserved struct {
	// Field is the path of the first destination that leads there, or of a mirror; absent where a
	// backend or a Service is judged.
	Field     string `json:"field,omitempty"`
	Kind      string `json:"kind"`
	Noun      string `json:"noun"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	// Lacks is what is not there: backend (such an object, which a mirror names), service (the
	// Service whose endpoints it takes), port (one of that number at the Service), workload (one
	// with the labels that asks for pods, or a running pod without one), target (a container that lists
	// the port to which the Service's port leads), fallback (pods that answer a mirror, which can name no
	// subset), or overlap (between its labels and the Service's).
	Lacks string `json:"lacks"`
	// Service is the one whose endpoints it takes, "echo/echo"; absent for a Service itself, and for
	// a backend that is not there.
	Service string `json:"service,omitempty"`
	// Port is the one that is missing, and Ports are those that the Service lists, at most 20. Where a
	// target is missing, Port leads to it, and Ports are those that the containers list.
	Port   Int      `json:"port,omitzero"`
	Target string   `json:"target,omitempty"`
	Ports  []string `json:"ports,omitempty"`
	// Version is whose containers don't list the target, where others' do; absent where nobody's do.
	Version string `json:"version,omitempty"`
	// Labels are those by which its pods are picked, "app=echo, tier=web", and ServiceLabels, of
	// two that don't overlap, the Service's.
	Labels        string `json:"labels,omitempty"`
	ServiceLabels string `json:"serviceLabels,omitempty"`
	// By names, of a backend or a Service, a table whose routes lead there: "RouteTable echo/by-hand".
	By string `json:"by,omitempty"`
	// Holders are the namespaces of such tables, sorted; others than the object's only where something leads requests to
	// the table.
	Holders []string `json:"holders,omitempty"`
}

// Unready is a destination that gets traffic and means a version that is deployed and has no available replica.
type Unready struct {
	Field   string `json:"field"`
	Version string `json:"version"`
	// Backend names what the route leads to, with its noun: "upstream echo/echo".
	Backend string `json:"backend"`
	// Others have an available replica, at most twenty: those from which the request takes the traffic or, where it moves
	// none there, the other versions of the backend and those to which the route sends the rest.
	Others []string `json:"others"`
	// Moved: the request takes the traffic from Others.
	Moved bool `json:"moved,omitempty"`
}
