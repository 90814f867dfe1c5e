package stories

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// version is a Deployment that leaves out all that a team may leave out.
type version struct {
	name, app string // as in echo-v1 and echo
	// replicas is 1 by default; write "0" for none.
	replicas    string
	image       string            // by default hashicorp/http-echo
	annotations map[string]string // without aviary.dev/
	pod         map[string]string // annotations of the pod template
	labels      map[string]string // of the pod template
	recreates   bool              // has the strategy Recreate
}

// v returns a version of app echo with annotations of the form key=value.
func v(name string, annotations ...string) version {
	out := version{name: name, app: "echo", annotations: map[string]string{}}
	for _, a := range annotations {
		key, value, _ := strings.Cut(a, "=")
		out.annotations[key] = value
	}
	return out
}

// of returns the version as one of another app.
func (v version) of(app string) version {
	v.app = app
	return v
}

// deployment returns the name of the version's Deployment.
func (v version) deployment() string { return v.app + "-" + v.name }

// String returns the version's manifest.
func (v version) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\n", v.deployment())
	fmt.Fprintf(&b, "  annotations:\n    aviary.dev/app: %q\n", v.app)
	for _, key := range slices.Sorted(maps.Keys(v.annotations)) {
		fmt.Fprintf(&b, "    aviary.dev/%s: %q\n", key, v.annotations[key])
	}
	b.WriteString("spec:\n")
	if v.replicas != "" {
		fmt.Fprintf(&b, "  replicas: %s\n", v.replicas)
	}
	if v.recreates {
		b.WriteString("  strategy: {type: Recreate}\n")
	}
	b.WriteString("  template:\n")
	if len(v.labels)+len(v.pod) > 0 {
		b.WriteString("    metadata:\n")
		for name, values := range map[string]map[string]string{"labels": v.labels, "annotations": v.pod} {
			if len(values) > 0 {
				fmt.Fprintf(&b, "      %s:\n", name)
			}
			for _, key := range slices.Sorted(maps.Keys(values)) {
				fmt.Fprintf(&b, "        %s: %q\n", key, values[key])
			}
		}
	}
	b.WriteString("    spec:\n      containers:\n")
	fmt.Fprintf(&b, "      - {name: echo, image: %s, ports: [{containerPort: 8080}]}\n",
		cmp.Or(v.image, "hashicorp/http-echo"))
	return b.String()
}

// manifestsOf returns the manifests of several versions.
func manifestsOf(versions ...version) string {
	var b strings.Builder
	for _, v := range versions {
		b.WriteString(v.String())
	}
	return b.String()
}
