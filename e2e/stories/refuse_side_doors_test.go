package stories

import (
	"fmt"
	"strings"
	"testing"
)

// sideDoor is a command of kubectl that would leave a route without Pods or requests, or that looks as if. A patch is
// merged.
type sideDoor struct {
	command string
	refused string // The rule that refuses it,
	warned  string // or warns of it; both empty for what is none.
}

const (
	// grouped is a destination of an UpstreamGroup, and delegates the begin of a route that delegates by a label.
	grouped   = `{"weight":10,"destination":{"upstream":{"name":"plain","namespace":"side-doors"}}}`
	delegates = `{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":`
)

// sideDoors are tried on testdata/three-kinds.yaml.
var sideDoors = []sideDoor{
	{command: "delete deployment plain-v1", refused: "stranded-traffic"},
	{command: "scale deployment plain-v1 --replicas=0", refused: "stranded-traffic"},
	{command: "delete statefulset plain-v2", refused: "stranded-traffic"},
	{command: "scale statefulset plain-v2 --replicas=0", refused: "stranded-traffic"},
	{command: `patch statefulset plain-v2 {"spec":{"replicas":0}}`, refused: "stranded-traffic"},
	{
		command: `patch statefulset plain-v2 {"spec":{"template":{"metadata":{"labels":{"version":"v9"}}}}}`,
		refused: "stranded-traffic",
	},
	{command: "delete daemonset plain-v3", refused: "stranded-traffic"},
	{
		command: `patch daemonset plain-v3 {"spec":{"template":{"metadata":{"labels":{"version":"v9"}}}}}`,
		refused: "stranded-traffic",
	},
	{command: `patch service plain {"spec":{"selector":{"app":"nobody"}}}`, refused: "stranded-traffic"},
	{command: `patch service plain {"spec":{"selector":{"version":"v1"}}}`, refused: "stranded-traffic"},
	{
		command: `patch service plain {"spec":{"type":"ExternalName","externalName":"x.example","selector":null}}`,
		refused: "stranded-traffic",
	},
	{command: "delete service plain", refused: "upstream-in-use"},
	{command: `patch upstream plain {"spec":{"kube":{"selector":{"app":"nobody"}}}}`, refused: "stranded-traffic"},
	{command: "delete upstream plain", refused: "upstream-in-use"},

	{command: `patch service plain {"spec":{"ports":[{"port":81,"targetPort":8080}]}}`, warned: "upstream-known"},
	{command: `patch upstream plain {"spec":{"kube":{"serviceName":"missing"}}}`, refused: "stranded-traffic"},
	{command: `patch upstream plain {"spec":{"kube":{"servicePort":9999}}}`, warned: "upstream-known"},

	{command: "delete upstreamgroup plain-group", refused: "upstream-in-use"},
	{command: `patch upstreamgroup plain-group {"spec":{"destinations":[` + grouped + `]}}`, refused: "weights-sum"},
	{
		command: `patch routetable plain-grouped ` +
			`{"spec":{"routes":[{"matchers":[{"prefix":"/grouped"}],"routeAction":{"upstreamGroup":` +
			`{"name":"plain-none","namespace":"side-doors"}}}]}}`,
		warned: "freezes-others",
	},

	{
		command: `patch virtualservice by-hand ` +
			`{"spec":{"virtualHost":{"routes":[{"matchers":[{"prefix":"/"}],"directResponseAction":{"status":404}}]}}}`,
		refused: "routes-kept",
	},
	{
		command: `patch virtualservice by-hand ` +
			`{"spec":{"virtualHost":{"routes":[` + delegates + `"other"},"namespaces":["*"]}}}]}}}`,
		refused: "routes-kept",
	},
	{command: "delete virtualservice by-hand", refused: "routes-kept"},

	{
		command: `patch virtualservice by-hand ` +
			`{"spec":{"virtualHost":{"routes":[` + delegates + `"example"},"namespaces":["side-doors"]}}},` +
			`{"matchers":[{"prefix":"/x"}],"directResponseAction":{"status":404}}]}}}`,
	},
	{command: `patch virtualservice by-hand {"spec":{"virtualHost":{"domains":["side-doors.example.com","x.example"]}}}`},
	{command: "delete statefulset plain-v4"},
	{command: "scale statefulset plain-v4 --replicas=0"},
	{command: `patch statefulset plain-v4 {"spec":{"replicas":0}}`},
	{command: `patch statefulset plain-v4 {"spec":{"template":{"metadata":{"labels":{"version":"v9"}}}}}`},
	{command: "delete daemonset plain-v5"},
	{command: `patch daemonset plain-v5 {"spec":{"template":{"metadata":{"labels":{"version":"v9"}}}}}`},
	{command: "scale statefulset plain-v2 --replicas=3"},
	{command: "set image daemonset/plain-v3 c=j"},
	{command: "label service plain team=birds"},
	{command: `patch service plain ` +
		`{"spec":{"ports":[{"name":"a","port":80,"targetPort":8080},{"name":"b","port":81,"targetPort":8080}]}}`},
}

// TestSideDoors tries, on an app by hand with a Deployment, a StatefulSet and a DaemonSet, everything that would leave
// a route without Pods or without requests, by whichever object, and beside it what leaves all as it is.
func TestSideDoors(t *testing.T) {
	t.Parallel()
	s := begin(t, "side-doors")
	s.exposeTables()
	s.apply(fmt.Sprintf(readTestdata(t, "three-kinds.yaml"), s.namespace)).mustSucceed()
	s.waitAvailable("plain-v1")
	for _, door := range sideDoors {
		t.Run(door.command, func(t *testing.T) {
			inner := *s
			inner.T = t
			args := strings.Fields(door.command)
			if last := len(args) - 1; args[0] == "patch" {
				args[last] = "--patch=" + args[last]
				args = append(args, "--type=merge")
			}
			out := inner.kubectl("", append(args, "--dry-run=server")...)
			switch warned := strings.Join(out.warnings(), "\n"); {
			case door.refused != "":
				out.mustFail("["+door.refused+"]", "plain")
			case door.warned != "":
				inner.mustWarn("["+door.warned+"]", out)
			case out.mustSucceed().err == nil && warned != "":
				t.Errorf("it must pass without a warning: %s", warned)
			}
		})
	}
}
