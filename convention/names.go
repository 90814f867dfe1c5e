package convention

import (
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

const (
	maxName    = 63
	maxApp     = 52
	maxVersion = 40
)

// maxCut is how much of a name that is too long is kept.
const maxCut = maxName - digestLength - 1

// ServiceName is the name of an app's Service.
func ServiceName(app string) string { return app }

// BackendName is the name of the backend that an app's routes lead to.
func BackendName(app string) string { return app }

// shadowName is the name of the backend that only a shadow version's pods are in.
func shadowName(app, version string) string { return fit(shadowPrefix(app) + version) }

func shadowPrefix(app string) string { return app + "-shadow-" }

// TableName is the name of an app's table.
func TableName(app string) string { return fit(app + "-routes") }

// AppOfTable returns the app whose table has the name; empty if it is no app's. A name that was cut
// is not found.
func AppOfTable(name string) string {
	app, ok := strings.CutSuffix(name, "-routes")
	if !ok {
		return ""
	}
	return app
}

// IsService reports whether an app's Service has the name.
func IsService(app, name string) bool { return name == ServiceName(app) }

// IsTable reports whether an app's table has the name.
func IsTable(app, name string) bool { return name == TableName(app) }

// IsBackend reports whether one of an app's backends may have the name: the one that its routes lead to, or that of a
// shadow, whichever version it is. Of a long app's name the rest may be cut.
func IsBackend(app, name string) bool {
	prefix := shadowPrefix(app)
	return name == BackendName(app) || len(name) > len(app) && strings.HasPrefix(name, prefix[:min(len(prefix), maxCut)])
}

// ValidApp reports whether siblings can have the app's name.
func ValidApp(app string) bool { return parseApp(app) == nil }

// fit makes a name that is longer than a DNS label, or that dots in the version made no DNS name,
// one that fits: without dots, cut, and ending in a hash of the whole.
func fit(name string) string {
	if len(name) <= maxName && len(validation.IsDNS1123Subdomain(name)) == 0 {
		return name
	}
	return strings.ReplaceAll(name[:min(len(name), maxCut)], ".", "-") + "-" + digest([]byte(name))
}
