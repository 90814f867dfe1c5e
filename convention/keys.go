package convention

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// Prefix begins every annotation key of Aviary's.
const Prefix = "aviary.dev/"

// The annotations that people write on a Deployment.
const (
	KeyApp        = Prefix + "app"
	KeyVersion    = Prefix + "version"
	KeyAPIGroup   = Prefix + "api-group"
	KeyRole       = Prefix + "role"
	KeyWeight     = Prefix + "weight"
	KeyHeaders    = Prefix + "headers"
	KeyPaths      = Prefix + "paths"
	KeyPort       = Prefix + "port"
	KeyTargetPort = Prefix + "target-port"
	KeyUngated    = Prefix + "ungated"
	KeyUse        = Prefix + "use"
	KeyRetire     = Prefix + "retire"
	KeyOverride   = Prefix + "override"
)

// KeySelfService is the Namespace's label by which an administrator answers, for all authors of Deployments there,
// whether Aviary may keep siblings for them.
const KeySelfService = Prefix + "self-service"

// Aviary's own annotations.
const (
	KeyPromotedAt     = Prefix + "promoted-at"
	KeyWeightRaisedAt = Prefix + "weight-raised-at"
	KeyOverriddenAt   = Prefix + "overridden-at"
	KeySummary        = Prefix + "summary"
	KeyWasPrimary     = Prefix + "was-primary"
	KeyFollows        = Prefix + "follows"
	KeyBlocked        = Prefix + "blocked"
)

// SystemNamespace is the cluster's own. No webhook is asked about what is in it, so Aviary keeps nothing there either.
const SystemNamespace = "kube-system"

// KeyLabelKeys stands on both webhook configurations and says which label keys their match
// conditions were rendered with.
const KeyLabelKeys = Prefix + "label-keys"

// The mark that Aviary's siblings carry. KeyApp is their second label.
const (
	KeyManagedBy = "app.kubernetes.io/managed-by"
	ManagedBy    = "aviary"
)

const (
	freePrefix         = Prefix + "x-"
	maxAnnotationBytes = 4096
)

var deploymentKeys = []string{
	KeyApp, KeyVersion, KeyAPIGroup, KeyRole, KeyWeight, KeyHeaders, KeyPaths, KeyPort, KeyTargetPort, KeyUngated,
	KeyUse, KeyRetire, KeyOverride, KeyPromotedAt, KeyWeightRaisedAt, KeyOverriddenAt,
}

// appless are the keys that mean something on a Deployment of no app.
var appless = []string{KeyOverride, KeyPromotedAt, KeyWeightRaisedAt, KeyOverriddenAt}

// Annotation is the field path of an annotation.
func Annotation(key string) string { return "metadata.annotations[" + key + "]" }

// Concerns reports whether any of the annotations is Aviary's.
func Concerns(annotations map[string]string) bool {
	for k := range annotations {
		if strings.HasPrefix(k, Prefix) {
			return true
		}
	}
	return false
}

// LabelKeys are the keys of the labels that Aviary reads and writes.
type LabelKeys struct {
	App, Version, APIGroup string
}

// DefaultLabelKeys are those of the two-phased canary.
func DefaultLabelKeys() LabelKeys {
	return LabelKeys{App: "app", Version: "version", APIGroup: "apiGroup"}
}

// String is the form of the flag --label-keys and of the annotation aviary.dev/label-keys.
func (k LabelKeys) String() string {
	return "app=" + k.App + ",version=" + k.Version + ",apiGroup=" + k.APIGroup
}

// ParseLabelKeys reads what [LabelKeys.String] writes; what is not named keeps its default.
func ParseLabelKeys(text string) (LabelKeys, error) {
	keys := DefaultLabelKeys()
	into := map[string]*string{"app": &keys.App, "version": &keys.Version, "apiGroup": &keys.APIGroup}
	for part := range strings.SplitSeq(text, ",") {
		name, key, _ := strings.Cut(strings.TrimSpace(part), "=")
		if into[name] == nil {
			return keys, fmt.Errorf("%q must be app=KEY, version=KEY or apiGroup=KEY", part)
		}
		if errs := validation.IsQualifiedName(key); len(errs) > 0 {
			return keys, fmt.Errorf("%q must be a label key: %s", key, strings.Join(errs, "; "))
		}
		*into[name] = key
	}
	if keys.App == keys.Version {
		return keys, fmt.Errorf("app and version must not be the same key, %q", keys.App)
	}
	return keys, nil
}
