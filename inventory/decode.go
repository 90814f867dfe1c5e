package inventory

import (
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/gloo"
)

// Decode reads the fact of an object from its JSON: field names must have the right case and stand once, as for the API server, and
// what is not asked for is skipped. No bytes, or a kind that no facts are kept of, give nil.
func Decode(kind schema.GroupKind, raw []byte, keys convention.LabelKeys) (Fact, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	switch kind {
	case schema.GroupKind{Group: "apps", Kind: KindDeployment},
		schema.GroupKind{Group: "apps", Kind: KindStatefulSet},
		schema.GroupKind{Group: "apps", Kind: KindDaemonSet}:
		return decode(raw, func(d *convention.Deployment) Fact { return ReadWorkload(kind.Kind, d, keys) })
	case schema.GroupKind{Group: gloo.GatewayGroup.Group, Kind: gloo.KindRouteTable}:
		return decode(raw, func(t *gloo.RouteTable) Fact { return ReadRouteTable(t) })
	case schema.GroupKind{Group: gloo.GatewayGroup.Group, Kind: gloo.KindVirtualService}:
		return decode(raw, func(t *gloo.VirtualService) Fact { return ReadVirtualService(t) })
	case schema.GroupKind{Group: gloo.GlooGroup.Group, Kind: gloo.KindUpstreamGroup}:
		return decode(raw, func(t *gloo.UpstreamGroup) Fact { return ReadUpstreamGroup(t) })
	case schema.GroupKind{Group: gloo.GlooGroup.Group, Kind: gloo.KindUpstream}:
		return decode(raw, func(u *gloo.Upstream) Fact { return ReadUpstream(u) })
	case schema.GroupKind{Kind: KindService}:
		return decode(raw, func(s *corev1.Service) Fact { return ReadService(s) })
	case schema.GroupKind{Kind: KindNamespace}:
		return decode(raw, func(n *corev1.Namespace) Fact { return ReadNamespace(n) })
	}
	return nil, nil
}

// DecodeTableLabels reads of a RouteTable its metadata and skips its routes: of an old object nothing else is asked, and
// decoding them would be a third of the time that a request takes.
func DecodeTableLabels(raw []byte) (Fact, error) {
	return decode(raw, func(old *struct {
		convention.Meta `json:"metadata"`
	},
	) Fact {
		return ReadRouteTable(&gloo.RouteTable{Meta: old.Meta})
	})
}

// DecodeMetadata reads of an object its metadata alone, where the rest can't be read.
func DecodeMetadata(kind schema.GroupKind, raw []byte, keys convention.LabelKeys) (Fact, error) {
	text, err := bare(raw)
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return Decode(kind, text, keys)
}

func decode[T any](raw []byte, read func(*T) Fact) (Fact, error) {
	var into T
	if err := jsonv2.Unmarshal(raw, &into); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return read(&into), nil
}
