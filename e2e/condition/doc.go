// Package condition judges where traffic went: it turns the revisions of an app's table, Deployments
// and Pods into a list of what was wrong. It knows nothing of Aviary's own code or log.
//
// The traffic condition holds whatever is asked of Aviary:
//
//   - No revision of a generated table raises a version's share of the main routes while that
//     version has no available replica and another one has.
//   - No admitted request takes a version's last available replica away while the table gives it
//     traffic, unless the table follows.
//   - After the death of a version's last available Pod the table follows, where another version is
//     to have the traffic.
//
// A version that an autoscaler wakes (ungated) counts as available.
package condition

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Certain is how long a version must have been available, or not, before it is held against a
// table: Aviary's watch and its write take time.
const Certain = time.Second

// FollowLimit is how soon a table must follow.
const FollowLimit = 2 * time.Second

// Event is one revision of a RouteTable, a Deployment or a Pod.
type Event struct {
	Version uint64 // The resource version.
	Arrived time.Time
	Gone    bool // Deleted, or being deleted.
	Object  *unstructured.Unstructured
}
