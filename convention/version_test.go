package convention_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
)

func TestServesPort(t *testing.T) {
	t.Parallel()
	const (
		admin   = "{name: admin, ports: [{name: admin, containerPort: 9090}]}"
		main    = "{name: main, ports: [{name: http, containerPort: 8080}, {containerPort: 0}]}"
		none    = "{name: main}"
		sidecar = "{name: proxy, restartPolicy: Always, ports: [{name: proxy, containerPort: 7070}]}"
		udp     = "{name: dns, ports: [{name: dns, containerPort: 53, protocol: UDP}]}"
		setUp   = "{name: proxy, ports: [{name: proxy, containerPort: 7070}]}"
	)
	cases := map[string]struct {
		reason, target, containers, before string
		want                               bool
	}{
		"Name":            {"a container lists it", "http", admin + ", " + main, "", true},
		"OtherName":       {"none does", "grpc", admin + ", " + main, "", false},
		"Number":          {"a container lists it", "8080", admin + ", " + main, "", true},
		"OtherNumber":     {"where all list ports, it must be one of them", "80", admin + ", " + main, "", false},
		"NoneListed":      {"a list is only information", "8080", none, "", true},
		"NoneNamed":       {"but names come from nowhere else", "http", none, "", false},
		"OneUnlisted":     {"it may be that one's", "8080", admin + ", " + none, "", true},
		"OneUnnamed":      {"a name is nobody's", "http", admin + ", " + none, "", false},
		"Sidecar":         {"it goes on running", "7070", main, sidecar, true},
		"SidecarName":     {"it goes on running", "proxy", main, sidecar, true},
		"SidecarsOthers":  {"it is none of both", "6060", main, sidecar, false},
		"SidecarUnlisted": {"it may be that one's", "6060", main, "{name: proxy, restartPolicy: Always}", true},
		"Ended":           {"an init container ends", "7070", main, setUp, false},
		"EndedUnlisted":   {"nor does it listen", "7070", main, "{name: proxy}", false},
		"NameForUDP":      {"a Service of TCP looks among those", "dns", udp, "", false},
		"NameForTCP":      {"it says so", "dns", strings.Replace(udp, "UDP", "TCP", 1), "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := read(decode(t, `
metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: {containers: [`+tc.containers+`], initContainers: [`+tc.before+`]}}}
`))
			if got := v.ServesPort(tc.target); got != tc.want {
				t.Errorf("%s\nServesPort(%q) = %t, want %t", tc.reason, tc.target, got, tc.want)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		v    convention.Version
		want bool
	}{
		"Replicas": {convention.Version{Replicas: 1}, true},
		"Zero":     {convention.Version{}, false},
		"Woken":    {convention.Version{Ungated: true}, true},
	} {
		if got := tc.v.Wanted(); got != tc.want {
			t.Errorf("%s: Wanted() = %t, want %t", name, got, tc.want)
		}
	}
}

func TestReadHands(t *testing.T) {
	t.Parallel()
	type hands struct {
		service, upstream, retire bool
		overridden                time.Time
	}
	cases := map[string]struct {
		key, text string
		want      hands
	}{
		"Nothing":    {"x-nothing", "", hands{}},
		"Service":    {"use", "service", hands{service: true}},
		"Upstream":   {"use", "upstream", hands{upstream: true}},
		"Both":       {"use", "upstream, service", hands{service: true, upstream: true}},
		"Retire":     {"retire", "true", hands{retire: true}},
		"Overridden": {"overridden-at", "2026-01-01T12:00:00.000Z", hands{overridden: noon}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := map[string]string{convention.KeyApp: "echo", convention.Prefix + tc.key: tc.text}
			v := read(deployment(t, "echo-v1", set))
			uses := func(kind string) bool { return slices.Contains(v.Use, kind) }
			if got := (hands{uses("service"), uses("upstream"), v.Retire, v.OverriddenAt}); got != tc.want {
				t.Errorf("Read() = %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestReadReplicas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int32{"": 1, "replicas: 0, ": 0, "replicas: 3, ": 3} {
		v := read(decode(t, `
metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {`+text+`template: {spec: {containers: [{name: main}]}}}
`))
		if v.Replicas != want {
			t.Errorf("Read() of {%s} asks for %d replicas, want %d", text, v.Replicas, want)
		}
	}
}

// What is written to a copy does not come to the original, which caches share.
func TestDeepCopy(t *testing.T) {
	t.Parallel()
	list := &convention.DeploymentList{Items: []convention.Deployment{*decode(t, `
metadata: {name: echo-v1, labels: {app: echo}}
spec: {selector: {matchLabels: {app: echo}}, template: {spec: {containers: [{name: main}]}}}
`)}}
	text, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	cp := list.DeepCopyObject().(*convention.DeploymentList)
	if same, err := json.Marshal(cp); err != nil || string(same) != string(text) {
		t.Errorf("DeepCopyObject() is %s (%v), want %s", same, err, text)
	}
	cp.Items[0].Labels["app"], cp.Items[0].Spec.Selector.MatchLabels["app"] = "fox", "fox"
	one := list.Items[0].DeepCopyObject().(*convention.Deployment)
	one.Labels["app"], one.Spec.Selector.MatchLabels["app"] = "fox", "fox"
	cp.Items[0].Spec.Selector = &metav1.LabelSelector{}
	if after, err := json.Marshal(list); err != nil || string(after) != string(text) {
		t.Errorf("the original became %s (%v), was %s", after, err, text)
	}
}

func TestMarshalWithoutTemplate(t *testing.T) {
	t.Parallel()
	if text, err := json.Marshal(convention.Template{}); err != nil || string(text) != "{}" {
		t.Errorf("Marshal() = %s, %v; want {}", text, err)
	}
}

// What is no kind of the dialect is told and counts for nothing; the kinds are sorted, each once.
func TestCheckUse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		use   []string
		found int
	}{
		"upstream, service,upstream": {[]string{"service", "upstream"}, 0},
		"upstream,gateway,service":   {[]string{"service", "upstream"}, 1},
		"gateway":                    {nil, 1},
	} {
		annotations := map[string]string{convention.KeyApp: "echo", convention.KeyUse: text}
		v := read(deployment(t, "echo-v1", annotations))
		found := convention.CheckUse(v, annotations, []string{"service", "upstream"})
		if !slices.Equal(v.Use, want.use) || len(found) != want.found {
			t.Errorf("%s: uses %v, found %v, want %v and %d", text, v.Use, lines(found), want.use, want.found)
		}
	}
}

// A compact version has its digests, and no template to compare.
func TestCompact(t *testing.T) {
	t.Parallel()
	v := read(deployment(t, "echo-v1", map[string]string{convention.KeyApp: "echo"}))
	whole := *v
	v.Compact()
	if v.Containers() != whole.Containers() || v.Containers() == "" {
		t.Errorf("Containers() = %q, were %q", v.Containers(), whole.Containers())
	}
	if v.SameTemplate(&whole) || !whole.SameTemplate(&whole) {
		t.Error("only a version that is whole has a template")
	}
}
