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

// act sends one random request, or a few that belong together.
func (a *stormApp) act(w *stormRun, client string, random *rand.Rand) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	version := pick("v1", "v2", "v3", "v4")
	name := "echo-" + version
	weight := pick("0", "10", "50", "100")
	switch n := random.IntN(100); {
	case n < 15:
		a.deploy(w, client, version, pick("canary", "standby", "primary"), weight)
	case n < 27:
		a.annotate(w, client, name, "weight="+weight)
	case n < 34:
		a.annotate(w, client, name, "role="+pick("canary", "standby"))
	case n < 41:
		a.annotate(w, client, name, "role=primary")
	case n < 49:
		a.remove(w, client, name)
	case n < 54:
		a.scale(w, client, name, random.IntN(2))
	case n < 67:
		_ = a.available(name, random.IntN(4)&1)
	case n < 68:
		_ = a.bypass.delete("deployments", name) // As if two requests had raced.
	case n < 84:
		a.goOn(w, client, name, random)
	case n < 96:
		a.table(w, client, pick("hand-1", "hand-2"), version, pick("v1", "v2", "v3", "v4"), random)
	default:
		table := pick("hand-1", "hand-2")
		remove := func() error { return a.q.delete("routetables", table) }
		a.send(w, client, "delete "+table, storm.Change{Table: &storm.Table{Name: table}}, remove)
	}
}

// deploy creates a version. A canary has the weight.
func (a *stormApp) deploy(w *stormRun, client, version, role, weight string) {
	d := v(version, "role="+role)
	after := &storm.Version{Deployment: d.deployment(), Name: version, Role: role, Replicas: 1}
	if role == "canary" {
		d.annotations["weight"] = weight
		after.Weight, _ = strconv.Atoi(weight)
	}
	manifest := decode(a.q.T, d.String())[0]
	create := func() error { return a.q.createOnce(manifest) }
	a.send(w, client, "create "+role+" "+d.deployment()+" weight="+weight,
		storm.Change{Deployment: d.deployment(), After: after}, create)
}

// annotate sets the role or the weight of a version.
func (a *stormApp) annotate(w *stormRun, client, name, annotation string) {
	key, value, _ := strings.Cut(annotation, "=")
	edit := storm.Edit{Role: value}
	if weight, err := strconv.Atoi(value); key == "weight" && err == nil {
		edit = storm.Edit{Weight: &weight}
	}
	a.send(w, client, "annotate "+name+" "+annotation, storm.Change{Deployment: name, Edit: &edit},
		func() error { return a.q.annotate(name, annotation) })
}

// remove deletes a version.
func (a *stormApp) remove(w *stormRun, client, name string) {
	remove := func() error { return a.q.delete("deployments", name) }
	a.send(w, client, "delete "+name, storm.Change{Deployment: name}, remove)
}

// scale scales a Deployment by its scale subresource. Without replicas it loses its Pods.
func (a *stormApp) scale(w *stormRun, client, name string, replicas int) {
	change := storm.Change{Deployment: name, Edit: &storm.Edit{Replicas: &replicas}}
	a.send(w, client, fmt.Sprintf("scale %s to %d", name, replicas), change, func() error {
		patch := fmt.Sprintf(`{"spec": {"replicas": %d}}`, replicas)
		return a.q.patch(a.q.Context(), "Deployment", name, patch, "scale")
	})
	if replicas == 0 {
		_ = a.available(name, 1) // It has none if the request was admitted.
	}
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
