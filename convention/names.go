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

// ServiceName is the name of an app's Service.
func ServiceName(app string) string { return app }

// BackendName is the name of the backend that an app's routes lead to.
func BackendName(app string) string { return app }

// shadowName is the name of the backend that only a shadow version's pods are in.
func shadowName(app, version string) string { return fit(app + "-shadow-" + version) }

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

// ValidApp reports whether siblings can have the app's name.
func ValidApp(app string) bool { return parseApp(app) == nil }

// fit makes a name that is longer than a DNS label, or that dots in the version made no DNS name,
// one that fits: without dots, cut, and ending in a hash of the whole.
func fit(name string) string {
	if len(name) <= maxName && len(validation.IsDNS1123Subdomain(name)) == 0 {
		return name
	}
	sum := digest([]byte(name))
	return strings.ReplaceAll(name[:min(len(name), maxName-len(sum)-1)], ".", "-") + "-" + sum
}
