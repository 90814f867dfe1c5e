package condition

import (
	"fmt"
	"strings"
	"time"
)

// Judge sees events in their order and notes where the traffic condition does not hold.
type Judge struct {
	// Spared are versions, as app/version, that are taken away without asking Aviary.
	Spared map[string]bool
	// NoLeader: there is not always a leader, so nothing need follow in time.
	NoLeader bool
	// Tables counts the revisions of generated tables.
	Tables int
	// Wrong says where the condition did not hold.
	Wrong []string

	now      time.Time
	versions map[string]*version // By app/version.
	shares   map[string]float64  // The same.
	pending  map[string]pendingFollow
}

// pendingFollow is a version that the table must no longer give traffic after a time.
type pendingFollow struct {
	until time.Time
	why   string
	taken bool // By a request, so that it does not come back by itself.
}

// New returns a judge that has seen nothing.
func New() *Judge {
	return &Judge{
		Spared: map[string]bool{}, versions: map[string]*version{}, shares: map[string]float64{},
		pending: map[string]pendingFollow{},
	}
}

// See takes the next event.
func (j *Judge) See(e Event) {
	if e.Arrived.After(j.now) {
		j.now = e.Arrived
	}
	j.overdue()
	switch o := e.Object; o.GetKind() {
	case "RouteTable":
		j.table(e)
	case "Deployment":
		j.deployment(e)
	case "Pod":
		key := o.GetLabels()["app"] + "/" + o.GetLabels()["version"]
		v := j.known(key)
		if v.pods[o.GetName()] = podReady(o); e.Gone {
			delete(v.pods, o.GetName())
		}
		j.settle(key)
	}
	j.followed()
}

// table judges a revision of a generated table. A table that is gone leaves its shares, with which
// the next one is compared.
func (j *Judge) table(e Event) {
	app, generated := e.Object.GetLabels()["aviary.dev/app"]
	if !generated {
		return
	}
	j.Tables++
	shares := map[string]float64{}
	if !e.Gone {
		shares = mainShares(e.Object)
	}
	for name, share := range shares {
		key := app + "/" + name
		v := j.known(key)
		other := j.another(key, func(o *version) bool { return j.since(o.up, Certain) })
		if share > j.shares[key] && j.since(v.down, Certain) && !v.ungated() && other != "" {
			j.report("revision %d of %s raises the share of %s from %.0f to %.0f, which has had no available replica "+
				"for %s, while %s has one", e.Version, e.Object.GetName(), key, j.shares[key], share,
				j.now.Sub(v.down).Round(time.Millisecond), other)
		}
	}
	if e.Gone {
		return
	}
	for key := range j.shares {
		if name, ok := strings.CutPrefix(key, app+"/"); ok {
			j.shares[key] = shares[name]
		}
	}
	for name, share := range shares {
		j.shares[app+"/"+name] = share
	}
}

// deployment judges a change of a Deployment.
func (j *Judge) deployment(e Event) {
	key, d := readDeployment(e.Object)
	v, name := j.known(key), e.Object.GetName()
	before, was := v.available(), v.deployments[name]
	if v.deployments[name] = d; e.Gone {
		delete(v.deployments, name)
	}
	taken := was.available > 0 && before == was.available && (e.Gone || was.replicas > 0 && d.replicas == 0)
	if taken && j.shares[key] > 0 && !j.Spared[key] {
		why := fmt.Sprintf("at %d a request took the last available replica of %s", e.Version, key)
		up := func(o *version) bool { return o.available() > 0 || o.ungated() }
		switch {
		case j.another(key, up) != "":
			j.expect(key, why, true)
		case j.another(key, func(o *version) bool { return len(o.deployments) > 0 }) != "":
			j.report("%s, which has %.0f %%, and no other version has one", why, j.shares[key])
		}
	}
	j.settle(key)
}

// settle notes since when a version is available, and what must follow if it no longer is.
func (j *Judge) settle(key string) {
	v := j.known(key)
	before := v.down
	v.settle(j.now)
	died := before.IsZero() && !v.down.IsZero() && len(v.deployments) > 0
	if !died || j.shares[key] == 0 || v.ungated() || j.Spared[key] {
		return
	}
	heir := j.another(key, func(o *version) bool { return !o.up.IsZero() && o.promoted() > v.promoted() })
	if heir != "" {
		j.expect(key, fmt.Sprintf("the last available Pod of %s died, and %s is to have the traffic", key, heir), false)
	}
}

// expect notes that the table must follow.
func (j *Judge) expect(key, why string, taken bool) {
	if _, known := j.pending[key]; !known && !j.NoLeader {
		j.pending[key] = pendingFollow{j.now.Add(FollowLimit), why, taken}
	}
}

// followed forgets what the table has followed, or need no longer.
func (j *Judge) followed() {
	for key, p := range j.pending {
		if j.shares[key] == 0 || !p.taken && !j.known(key).up.IsZero() ||
			j.another(key, func(o *version) bool { return o.available() > 0 || o.ungated() }) == "" {
			delete(j.pending, key)
		}
	}
}

// End says how late it is after the last event.
func (j *Judge) End(now time.Time) {
	j.now = now
	j.overdue()
}

// overdue reports what the table has not followed in time.
func (j *Judge) overdue() {
	for key, p := range j.pending {
		if j.now.After(p.until) {
			j.report("%s; %s later the table still gives %s %.0f %%", p.why,
				j.now.Sub(p.until.Add(-FollowLimit)).Round(time.Millisecond), key, j.shares[key])
			delete(j.pending, key)
		}
	}
}

// another returns another version of the same app that is as asked, or "".
func (j *Judge) another(key string, is func(*version) bool) string {
	app, _, _ := strings.Cut(key, "/")
	for other, v := range j.versions {
		if other != key && strings.HasPrefix(other, app+"/") && is(v) {
			return other
		}
	}
	return ""
}

func (j *Judge) since(t time.Time, d time.Duration) bool {
	return !t.IsZero() && j.now.Sub(t) >= d
}

func (j *Judge) known(key string) *version {
	if j.versions[key] == nil {
		j.versions[key] = &version{deployments: map[string]deployment{}, pods: map[string]bool{}}
	}
	return j.versions[key]
}

func (j *Judge) report(format string, args ...any) {
	j.Wrong = append(j.Wrong, fmt.Sprintf(format, args...))
}
