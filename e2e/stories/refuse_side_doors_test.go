package stories

import (
	"fmt"
	"strings"
	"testing"
)

// sideDoor is a command, as a dry run, that would leave a route without Pods, or that looks as if.
type sideDoor struct {
	what    string
	command []string
	verdict string // denies, warns, or nothing.
	rule    string
}

func patching(kind, name, patch string) []string {
	return []string{"patch", kind, name, "--type=merge", "-p=" + patch}
}

// sideDoors are tried on testdata/three-kinds.yaml.
var sideDoors = []sideDoor{
	{"delete the Deployment", []string{"delete", "deployment", "plain-v1"}, denies, "stranded-traffic"},
	{
		"scale the Deployment to 0",
		[]string{"scale", "deployment", "plain-v1", "--replicas=0"},
		denies, "stranded-traffic",
	},
	{"delete the StatefulSet", []string{"delete", "statefulset", "plain-v2"}, denies, "stranded-traffic"},
	{
		"scale the StatefulSet to 0",
		[]string{"scale", "statefulset", "plain-v2", "--replicas=0"},
		denies, "stranded-traffic",
	},
	{"write 0 replicas", patching("statefulset", "plain-v2", `{"spec":{"replicas":0}}`), denies, "stranded-traffic"},
	{"delete the DaemonSet", []string{"delete", "daemonset", "plain-v3"}, denies, "stranded-traffic"},
	{
		"relabel the DaemonSet",
		patching("daemonset", "plain-v3", `{"spec":{"template":{"metadata":{"labels":{"version":"v9"}}}}}`),
		denies, "stranded-traffic",
	},
	{
		"a Service that selects nobody", patching("service", "plain", `{"spec":{"selector":{"app":"nobody"}}}`),
		denies, "stranded-traffic",
	},
	{
		"a Service that selects one version", patching("service", "plain", `{"spec":{"selector":{"version":"v1"}}}`),
		denies, "stranded-traffic",
	},
	{
		"a Service that is elsewhere",
		patching("service", "plain", `{"spec":{"type":"ExternalName","externalName":"x.example","selector":null}}`),
		denies, "stranded-traffic",
	},
	{
		"another port of the Service",
		patching("service", "plain", `{"spec":{"ports":[{"port":81,"targetPort":8080}]}}`), warns, "upstream-known",
	},
	{"delete the Service", []string{"delete", "service", "plain"}, denies, "upstream-in-use"},
	{
		"an Upstream that selects nobody", patching("upstream", "plain", `{"spec":{"kube":{"selector":{"app":"nobody"}}}}`),
		denies, "stranded-traffic",
	},
	{
		"an Upstream of another Service", patching("upstream", "plain", `{"spec":{"kube":{"serviceName":"missing"}}}`),
		warns, "upstream-known",
	},
	{
		"another port of the Upstream", patching("upstream", "plain", `{"spec":{"kube":{"servicePort":9999}}}`),
		warns, "upstream-known",
	},
	{"delete the Upstream", []string{"delete", "upstream", "plain"}, denies, "upstream-in-use"},

	{what: "more Pods", command: []string{"scale", "statefulset", "plain-v2", "--replicas=3"}},
	{what: "another image", command: []string{"set", "image", "daemonset/plain-v3", "c=j"}},
	{what: "a label of the Service", command: []string{"label", "service", "plain", "team=birds"}},
	{what: "a port more", command: patching("service", "plain", `{"spec":{"ports":[`+
		`{"name":"a","port":80,"targetPort":8080},{"name":"b","port":81,"targetPort":8080}]}}`)},
}

// TestSideDoors tries, on an app by hand with a Deployment, a StatefulSet and a DaemonSet, everything that would leave
// a route without Pods, by whichever object, and beside it what leaves all as it is.
func TestSideDoors(t *testing.T) {
	t.Parallel()
	s := begin(t, "side-doors")
	s.exposeTables()
	s.apply(fmt.Sprintf(readTestdata(t, "three-kinds.yaml"), s.namespace)).mustSucceed()
	s.waitAvailable("plain-v1")
	for _, door := range sideDoors {
		t.Run(door.what, func(t *testing.T) {
			inner := *s
			inner.T = t
			out := inner.kubectl("", append(door.command, "--dry-run=server")...)
			switch door.verdict {
			case denies:
				out.mustFail("["+door.rule+"]", "plain")
			case warns:
				inner.mustWarn("["+door.rule+"]", out)
			default:
				if warned := out.mustSucceed().warnings(); len(warned) > 0 {
					t.Errorf("it must pass without a warning: %s", strings.Join(warned, "\n"))
				}
			}
		})
	}
}
