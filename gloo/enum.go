package gloo

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// The enums' names by their number. The CRDs take any text and any number for them; Gloo takes a name as it stands here,
// or its number.
var (
	operators     = []string{"Equals", "DoubleEquals", "NotEquals", "In", "NotIn", "Exists", "DoesNotExist", "GreaterThan", "LessThan"}
	fallbacks     = []string{"ANY_ENDPOINT", "DEFAULT_SUBSET", "NO_FALLBACK"}
	responseCodes = []string{"MOVED_PERMANENTLY", "FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"}
)

// statuses are the HTTP statuses that people write in place of the names.
var statuses = map[string]string{"301": "MOVED_PERMANENTLY", "302": "FOUND", "303": "SEE_OTHER", "307": "TEMPORARY_REDIRECT", "308": "PERMANENT_REDIRECT"}

// Unparsable is an enum's text that is none of its names and numbers.
type Unparsable struct {
	// Field is the path in the object, Value the text as it stands there, without quotes.
	Field, Value string
	Names        []string
	// Meant is the name that was probably meant; empty if that can't be told.
	Meant string
}

// check adds the text to list unless the enum has it. It costs nothing where the field is absent.
func check(list []Unparsable, field string, raw json.RawMessage, names []string) []Unparsable {
	if !stated(raw) {
		return list
	}
	text, err := strconv.Unquote(string(raw))
	if err == nil && slices.Contains(names, text) {
		return list
	}
	if n, notNumber := strconv.Atoi(string(raw)); notNumber == nil && n >= 0 && n < len(names) {
		return list
	}
	if err != nil {
		text = string(raw)
	}
	return append(list, Unparsable{Field: field, Value: text, Names: names, Meant: meant(text, names)})
}

// meant finds the name that the text is in other letters, or the one that its number stands for.
func meant(text string, names []string) string {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(s))
	}
	for _, name := range names {
		if plain(name) == plain(text) {
			return name
		}
	}
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(names) {
		return names[n]
	}
	if name := statuses[text]; slices.Contains(names, name) {
		return name
	}
	return ""
}

// Unparsable gives the texts that Gloo can't read.
func (t *RouteTable) Unparsable() []Unparsable { return unparsable("spec.routes", t.Spec.Routes) }

// Unparsable gives the texts that Gloo can't read.
func (t *VirtualService) Unparsable() []Unparsable {
	if t.Spec.VirtualHost == nil {
		return nil
	}
	return unparsable("spec.virtualHost.routes", t.Spec.VirtualHost.Routes)
}

// Unparsable gives the texts that Gloo can't read.
func (u *Upstream) Unparsable() []Unparsable {
	if u.Spec.Kube == nil || u.Spec.Kube.SubsetSpec == nil {
		return nil
	}
	return check(nil, "spec.kube.subsetSpec.fallbackPolicy", u.Spec.Kube.SubsetSpec.FallbackPolicy, fallbacks)
}

func unparsable(field string, routes []Route) []Unparsable {
	var out []Unparsable
	for i := range routes {
		r := &routes[i]
		if stated(r.RedirectAction) {
			var redirect struct {
				ResponseCode json.RawMessage `json:"responseCode"`
			}
			if json.Unmarshal(r.RedirectAction, &redirect) == nil {
				out = check(out, field+"["+strconv.Itoa(i)+"].redirectAction.responseCode", redirect.ResponseCode, responseCodes)
			}
		}
		if d := r.DelegateAction; d != nil && d.Selector != nil {
			for n, e := range d.Selector.Expressions {
				at := field + "[" + strconv.Itoa(i) + "].delegateAction.selector.expressions[" + strconv.Itoa(n) + "].operator"
				out = check(out, at, e.Operator, operators)
			}
		}
	}
	return out
}
