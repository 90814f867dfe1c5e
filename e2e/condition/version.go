package condition

import (
	"maps"
	"slices"
	"time"
)

// version is what is known of one version of an app at a moment.
type version struct {
	deployments map[string]deployment
	pods        map[string]bool // Whether they are ready.
	up, down    time.Time       // Since when it is available, or is not; zero if the other or unclear.
}

// deployment is what is known of one Deployment.
type deployment struct {
	available, replicas int64
	role                string
	promoted            string
	ungated             bool
}

// settle notes since when the version is available. Deployment and Pods must agree.
func (v *version) settle(now time.Time) {
	available, ready := v.available() > 0, slices.Contains(slices.Collect(maps.Values(v.pods)), true)
	note := func(since *time.Time, is bool) {
		if !is {
			*since = time.Time{}
		} else if since.IsZero() {
			*since = now
		}
	}
	note(&v.up, available && ready)
	note(&v.down, !available && !ready)
}

// available is how many replicas are available, by the Deployments' status.
func (v *version) available() (n int64) {
	for _, d := range v.deployments {
		n += d.available
	}
	return n
}

// ungated reports whether any of the Deployments says so.
func (v *version) ungated() bool {
	return v.any(func(d deployment) bool { return d.ungated })
}

// promoted is the newest stamp of a Deployment that states the role primary; empty if none does.
func (v *version) promoted() (stamp string) {
	for _, d := range v.deployments {
		if d.role == "primary" {
			stamp = max(stamp, d.promoted, "0")
		}
	}
	return stamp
}

func (v *version) any(is func(deployment) bool) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(v.deployments)), is)
}
