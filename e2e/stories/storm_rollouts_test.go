package stories

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"aviary.dev/e2e/storm"
)

// goOn makes a few requests of a rollout, one right after the other: each asks before the table has
// followed the last one.
func (a *stormApp) goOn(w *stormRun, client, name string, random *rand.Rand) {
	switch random.IntN(6) {
	case 0: // Promote at once.
		a.annotate(w, client, name, "weight=100")
		a.annotate(w, client, name, "role=primary")
	case 1: // Abort, and remove at once.
		a.annotate(w, client, name, "weight=0")
		a.annotate(w, client, name, "role=standby")
		a.remove(w, client, name)
	case 2: // Deploy a canary as far as it is.
		a.deploy(w, client, name[len("echo-"):], "canary", "100")
		_ = a.available(name, 1)
	case 3:
		a.rollBack(w, client, random)
	case 4:
		a.swap(w, client, random)
	default:
		a.undo(w, client, name, random)
	}
}

// primaries returns the versions that were the primary, in order of time.
func (a *stormApp) primaries() []string {
	table, err := a.q.get("routetables", "echo-routes")
	if err != nil {
		return nil
	}
	return readTable(table).WasPrimary
}

// rollBack creates a former primary, as helm rollback does. Sometimes it takes the role from the one
// that has it, too.
func (a *stormApp) rollBack(w *stormRun, client string, random *rand.Rand) {
	was := a.primaries()
	if len(was) < 2 {
		return
	}
	a.deploy(w, client, was[random.IntN(len(was)-1)], "primary", "0")
	if random.IntN(2) == 0 {
		a.annotate(w, client, "echo-"+was[len(was)-1], "role=standby")
	}
}

// swap gives the role of the primary to a former one, in either order.
func (a *stormApp) swap(w *stormRun, client string, random *rand.Rand) {
	was := a.primaries()
	if len(was) < 2 {
		return
	}
	from, to := "echo-"+was[len(was)-1], "echo-"+was[random.IntN(len(was)-1)]
	if random.IntN(2) == 0 {
		a.annotate(w, client, to, "role=primary")
		a.annotate(w, client, from, "role=standby")
		return
	}
	a.annotate(w, client, from, "role=standby")
	a.annotate(w, client, to, "role=primary")
}

// undo writes the annotations that a Deployment had, together with another template, as kubectl
// rollout undo does. Stamps that it brings or lacks are not of its choice.
func (a *stormApp) undo(w *stormRun, client, name string, random *rand.Rand) {
	var past []map[string]string
	for _, e := range a.recorder.all() {
		if e.object.GetKind() == "Deployment" && e.object.GetName() == name && !e.gone {
			past = append(past, e.object.GetAnnotations())
		}
	}
	if len(past) == 0 {
		return
	}
	old := past[random.IntN(len(past))]
	annotations := map[string]any{}
	for _, key := range []string{"role", "weight", "promoted-at", "weight-raised-at"} {
		if annotations["aviary.dev/"+key] = nil; old["aviary.dev/"+key] != "" {
			annotations["aviary.dev/"+key] = old["aviary.dev/"+key]
		}
	}
	undone := map[string]any{"annotations": map[string]any{"undone": fmt.Sprint(random.Uint32())}}
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"annotations": annotations},
		"spec":     map[string]any{"template": map[string]any{"metadata": undone}},
	})
	a.q.check(err)
	edit := storm.Edit{Role: old["aviary.dev/role"], Weight: new(int)}
	_, _ = fmt.Sscan(old["aviary.dev/weight"], edit.Weight)
	a.send(w, client, fmt.Sprintf("undo %s to %s %d", name, edit.Role, *edit.Weight),
		storm.Change{Deployment: name, Edit: &edit}, func() error {
			return a.q.patch(a.q.Context(), "Deployment", name, string(patch))
		})
}
