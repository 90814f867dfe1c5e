package stories

import (
	"errors"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/lagging"
)

// cuttable is a pair of which each replica has its own way to the API server.
type cuttable struct {
	*pair
	ways []*lagging.Proxy // In the order of replicas.
}

// startCuttable starts such a pair.
func startCuttable(t *testing.T, cp controlplane.Options) *cuttable {
	t.Helper()
	p := &cuttable{}
	p.pair = startPairOn(t, cp, func(on *plane) aviary.Options {
		return aviary.Options{Via: func(kubeconfig string) (string, error) {
			way, err := lagging.Start(on.Config())
			if err != nil {
				return "", err
			}
			on.CloseAtStop(way)
			p.ways = append(p.ways, way)
			return way.Kubeconfig(kubeconfig)
		}}
	})
	return p
}

// cut cuts a replica off from the API server, which still reaches it.
func (p *cuttable) cut(replica *aviary.Instance) error {
	for i, r := range p.replicas {
		if r == replica {
			p.ways[i].Cut()
		}
	}
	return nil
}

// withoutLeader returns the trouble that the leader ends in some way. The other replica would lead before a minute is
// over, so the leader's lease is kept until the trouble ends.
func (p *cuttable) withoutLeader(name string, how func(*aviary.Instance) error) trouble {
	return trouble{name: name, leaderless: true, start: func(s *blocked) func() {
		leader := p.leader(s.T)
		p.held.Store(leader)
		s.must(how(leader))
		if leader.Alive() {
			s.cutOff, s.askedBefore = leader, timesAsked(s, leader)
		}
		s.writeLease(`{"leaseDurationSeconds": 3600}`)
		return func() {
			s.Logf("the former leader was asked %v times meanwhile", max(0, s.asked-s.askedBefore))
			for _, way := range p.ways {
				way.Delay(0)
			}
			p.held.Store(nil)
			s.writeLease(`{"leaseDurationSeconds": 1, "holderIdentity": ""}`)
			s.eventually("a leader", func() error {
				for _, r := range p.replicas {
					if r.Leads(s.Context()) {
						return nil
					}
				}
				return errors.New("there is none")
			})
		}
	}}
}

// writeLease merges a patch into what Aviary's lease says.
func (s *story) writeLease(spec string) {
	s.Helper()
	leases := s.objects.Resource(schema.GroupVersionResource{
		Group: "coordination.k8s.io", Version: "v1", Resource: "leases",
	}).Namespace("aviary-system")
	patch := []byte(`{"spec": ` + spec + `}`)
	_, err := leases.Patch(s.Context(), "aviary", types.MergePatchType, patch, metav1.PatchOptions{})
	s.must(err)
}

// timesAsked is how often a replica was asked.
func timesAsked(s *blocked, replica *aviary.Instance) float64 {
	metrics, err := replica.Metrics(s.Context())
	if err != nil {
		return 0 // It has ended.
	}
	return metrics.Sum("controller_runtime_webhook_requests_total")
}
