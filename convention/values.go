package convention

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"aviary.dev/route"
)

// Limits on what one annotation may ask for, so that no app can make tables that Envoy and the API server choke on.
const (
	maxHeaders = 8
	maxPaths   = 32
	maxPath    = 512
	maxRegex   = 256
)

var (
	headerName  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") // RFC 9110 token
	headerValue = regexp.MustCompile(`^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$`)
	pathText    = regexp.MustCompile(`^/([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$`) // RFC 3986 pchar and "/"
	versionText = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
	wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,8})$`)
)

// parseInt reads a whole number from low to high.
func parseInt(text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if !wholeNumber.MatchString(text) || err != nil || n < low || n > high {
		return 0, fmt.Errorf("%s must be a whole number from %d to %d", quote(text), low, high)
	}
	return n, nil
}

func parseApp(text string) error {
	if len(text) > maxApp || len(validation.IsDNS1035Label(text)) > 0 {
		return fmt.Errorf("%s must start with a letter, hold only lower-case letters, digits and -, "+
			"end with a letter or digit, and have at most %d characters", quote(text), maxApp)
	}
	return nil
}

func parseVersion(text string) error {
	if len(text) > maxVersion || !versionText.MatchString(text) {
		return fmt.Errorf("%s must hold only lower-case letters, digits, - and ., "+
			"begin and end with a letter or digit, and have at most %d characters", quote(text), maxVersion)
	}
	return nil
}

func parseLabelValue(text string) error {
	if text == "" {
		return fmt.Errorf("%s must not be empty", quote(text))
	}
	if errs := validation.IsValidLabelValue(text); len(errs) > 0 {
		return fmt.Errorf("%s must be a label value: %s", quote(text), strings.Join(errs, "; "))
	}
	return nil
}

func parseRole(text string) (Role, error) {
	switch r := Role(text); r {
	case Primary, Canary, Shadow, Standby:
		return r, nil
	default:
		return "", fmt.Errorf("%s must be primary, canary, shadow or standby", quote(text))
	}
}

// UseService is the value of aviary.dev/use for the app's Service. The others are kinds of the
// dialect's backends.
const UseService = "service"

// parseUse reads a comma list of kinds, in lower case, and returns them sorted. Which there are is
// for CheckUse to say.
func parseUse(text string) []string {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		out = append(out, strings.TrimSpace(part))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CheckUse reports values of aviary.dev/use that are none of the kinds known, and forgets them.
func CheckUse(v *Version, annotations map[string]string, known []string) []Finding {
	unknown := func(kind string) bool { return !slices.Contains(known, kind) }
	if v == nil || !slices.ContainsFunc(v.Use, unknown) {
		return nil
	}
	v.Use = slices.DeleteFunc(v.Use, unknown)
	r := reader{}
	most := strings.Join(known[:len(known)-1], ", ")
	r.check(KeyUse, fmt.Errorf("%s must be %s, %s or both", quote(annotations[KeyUse]), most, known[len(known)-1]),
		"for example "+strings.Join(known, ","))
	return r.findings
}

// parseHeaders reads name=value[,name=value] and returns them sorted by name; none of an empty text.
func parseHeaders(text string) ([]route.Header, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var out []route.Header
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case !headerName.MatchString(name):
			return nil, fmt.Errorf("%s must be name=value[,name=value]: %s is no header name", quote(text), quote(name))
		case value == "":
			return nil, fmt.Errorf("%s must give header %s a value: an empty one fits every request that has the header",
				quote(text), cut(name))
		case value != strings.Trim(value, " "):
			return nil, fmt.Errorf("%s must not begin or end the value of header %s with a space", quote(text), cut(name))
		case !headerValue.MatchString(value):
			return nil, fmt.Errorf("%s must hold printable ASCII only: the value of header %s does not", quote(text), cut(name))
		case slices.ContainsFunc(out, func(h route.Header) bool { return strings.EqualFold(h.Name, name) }):
			return nil, fmt.Errorf("%s must name each header once: %s stands twice", quote(text), cut(name))
		}
		out = append(out, route.Header{Name: name, Value: value})
	}
	if len(out) > maxHeaders {
		return nil, fmt.Errorf("must name at most %d headers, not %d", maxHeaders, len(out))
	}
	SortHeaders(out)
	return out, nil
}

// SortHeaders sorts by name, whose case does not matter to HTTP.
func SortHeaders(headers []route.Header) {
	slices.SortFunc(headers, func(a, b route.Header) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
}

// parsePaths reads a comma list of /prefix, =/exact and ~regex, in which a comma is written \, and sorts it as routes
// must stand: exact, regex, longer prefix first.
func parsePaths(text string) ([]route.Path, error) {
	var out []route.Path
	for _, part := range splitPaths(text) {
		p, err := parsePath(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, p) {
			return nil, fmt.Errorf("%s must name each path once: %s stands twice", quote(text), quote(p.String()))
		}
		out = append(out, p)
	}
	if len(out) > maxPaths {
		return nil, fmt.Errorf("must name at most %d paths, not %d", maxPaths, len(out))
	}
	slices.SortFunc(out, comparePaths)
	return out, nil
}

func splitPaths(text string) []string {
	var parts []string
	var part strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == ',':
			part.WriteByte(',')
			i++
		case text[i] == ',':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteByte(text[i])
		}
	}
	return append(parts, part.String())
}

func parsePath(text string) (route.Path, error) {
	kind, value := route.Prefix, text
	switch {
	case strings.HasPrefix(text, "="):
		kind, value = route.Exact, text[1:]
	case strings.HasPrefix(text, "~"):
		kind, value = route.Regex, text[1:]
	}
	if kind == route.Regex {
		if _, err := regexp.Compile(value); err != nil || value == "" || len(value) > maxRegex {
			return route.Path{}, fmt.Errorf("%s must be an RE2 expression of 1 to %d characters", quote(text), maxRegex)
		}
		return route.Path{Kind: kind, Value: value}, nil
	}
	lower := strings.ToLower(value)
	for _, bad := range []string{"//", "/./", "/../", "%2f"} { // what Gloo refuses (docs/gloo-api.md, Paths)
		if strings.Contains(lower, bad) {
			return route.Path{}, fmt.Errorf("%s must not contain %s", quote(text), bad)
		}
	}
	if len(value) > maxPath || !pathText.MatchString(value) ||
		strings.HasSuffix(value, "/.") || strings.HasSuffix(value, "/..") {
		return route.Path{}, fmt.Errorf("%s must be /prefix, =/exact or ~regex, "+
			"of at most %d characters that a URL path may hold", quote(text), maxPath)
	}
	return route.Path{Kind: kind, Value: value}, nil
}

func comparePaths(a, b route.Path) int {
	if a.Kind != b.Kind {
		return int(a.Kind) - int(b.Kind)
	}
	if a.Kind == route.Prefix && len(a.Value) != len(b.Value) {
		return len(b.Value) - len(a.Value)
	}
	return strings.Compare(a.Value, b.Value)
}

// quote shows a value in a message, cut so that no annotation can flood one.
func quote(text string) string { return strconv.Quote(cut(text)) }

// cut shortens what goes into a message.
func cut(text string) string {
	const most = 60
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}
