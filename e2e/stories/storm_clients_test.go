package stories

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/e2e/storm"
)

// act sends one random request.
func (a *stormApp) act(w *stormRun, client string, random *rand.Rand) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	version := pick("v1", "v2", "v3", "v4")
	name := "echo-" + version
	weight := pick("0", "10", "50", "100")
	switch n := random.IntN(100); {
	case n < 18:
		role := pick("canary", "standby", "primary")
		d := v(version, "role="+role)
		after := &storm.Version{Deployment: name, Name: version, Role: role, Replicas: 1, Promoted: "9", Created: "9"}
		if role == "canary" {
			d.annotations["weight"] = weight
			after.Weight, _ = strconv.Atoi(weight)
		}
		create := func() error { return a.q.create(d.String()) }
		a.send(w, client, "create "+role+" "+name, storm.Change{Deployment: name, After: after}, create)
	case n < 34:
		a.annotate(w, client, name, "weight="+weight)
	case n < 42:
		a.annotate(w, client, name, "role="+pick("canary", "standby"))
	case n < 50:
		a.annotate(w, client, name, "role=primary")
	case n < 60:
		remove := func() error { return a.q.delete("deployments", name) }
		a.send(w, client, "delete "+name, storm.Change{Deployment: name}, remove)
	case n < 66:
		replicas := random.IntN(2)
		change := storm.Change{Deployment: name, Edit: func(v *storm.Version) { v.Replicas = replicas }}
		scale := func() error { return a.scale(name, replicas) }
		a.send(w, client, fmt.Sprintf("scale %s to %d", name, replicas), change, scale)
	case n < 78:
		_ = a.available(name, random.IntN(4)&1)
	case n < 79:
		_ = a.bypass.delete("deployments", name) // As if two requests had raced.
	case n < 94:
		a.table(w, client, pick("hand-1", "hand-2"), version, pick("v1", "v2", "v3", "v4"), random)
	default:
		table := pick("hand-1", "hand-2")
		remove := func() error { return a.q.delete("routetables", table) }
		a.send(w, client, "delete "+table, storm.Change{Table: &storm.Table{Name: table}}, remove)
	}
}

// annotate sets the role or the weight of a version.
func (a *stormApp) annotate(w *stormRun, client, name, annotation string) {
	key, value, _ := strings.Cut(annotation, "=")
	change := storm.Change{Deployment: name, Edit: func(v *storm.Version) {
		if key == "weight" {
			v.Weight, _ = strconv.Atoi(value)
			return
		}
		if value == "primary" && v.Role != "primary" {
			v.Promoted = "9"
		}
		v.Role = value
	}}
	a.send(w, client, "annotate "+name+" "+annotation, change, func() error { return a.q.annotate(name, annotation) })
}

// scale scales a Deployment by its scale subresource.
func (a *stormApp) scale(name string, replicas int) error {
	patch := fmt.Sprintf(`{"spec": {"replicas": %d}}`, replicas)
	return a.q.patch(a.q.Context(), "Deployment", name, patch, "scale")
}

// table writes a hand-made RouteTable: a route to one version or to two, sometimes with wrong
// weights.
func (a *stormApp) table(w *stormRun, client, name, first, second string, random *rand.Rand) {
	to := []destination{{first, 0}}
	change := storm.Change{Table: &storm.Table{Name: name, Receives: []string{first}}}
	if random.IntN(2) == 0 && first != second {
		rest := []int{50, 50, 50, 40}[random.IntN(4)]
		to = []destination{{first, 50}, {second, rest}}
		change.Table.Receives, change.Sum = []string{first, second}, 50+rest
	}
	manifest := decode(a.q.T, a.q.table(name, to...))[0]
	a.send(w, client, fmt.Sprintf("write %s %v", name, to), change, func() error {
		patch, err := json.Marshal(map[string]any{"spec": manifest.Object["spec"]})
		if err != nil {
			return err
		}
		err = a.q.patch(a.q.Context(), "RouteTable", name, string(patch))
		if apierrors.IsNotFound(err) {
			_, err = a.q.client("routetables").Create(a.q.Context(), manifest, metav1.CreateOptions{})
		}
		return err
	})
}
