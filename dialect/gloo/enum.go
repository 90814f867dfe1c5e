package gloo

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"aviary.dev/fact"
)

// The enums' names by their number. The CRDs take any text and any number for them; Gloo takes a
// name as it stands here, or its number.
var (
	operators = []string{
		"Equals", "DoubleEquals", "NotEquals", "In", "NotIn", "Exists", "DoesNotExist", "GreaterThan", "LessThan",
	}
	fallbacks     = []string{anyEndpoint, defaultSubset, noFallback}
	responseCodes = []string{"MOVED_PERMANENTLY", "FOUND", "SEE_OTHER", "TEMPORARY_REDIRECT", "PERMANENT_REDIRECT"}
)

// The fallback policies of subsets.
const (
	anyEndpoint   = "ANY_ENDPOINT"
	defaultSubset = "DEFAULT_SUBSET"
	noFallback    = "NO_FALLBACK"
)

// policyOf reads a fallback policy, which may be a number.
func policyOf(raw json.RawMessage) string {
	if name, err := strconv.Unquote(string(raw)); err == nil {
		return name
	}
	if n, err := strconv.Atoi(string(raw)); err == nil && n >= 0 && n < len(fallbacks) {
		return fallbacks[n]
	}
	return anyEndpoint
}

// statuses are the HTTP statuses that people write in place of the names.
var statuses = map[string]string{
	"301": "MOVED_PERMANENTLY",
	"302": "FOUND",
	"303": "SEE_OTHER",
	"307": "TEMPORARY_REDIRECT",
	"308": "PERMANENT_REDIRECT",
}

// check adds the text to list unless the enum has it. It costs nothing where the field is absent.
func check(list []fact.Unparsable, field string, raw json.RawMessage, names []string) []fact.Unparsable {
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
	return append(list, fact.Unparsable{Field: field, Value: text, Names: names, Meant: meant(text, names)})
}

// meant finds the name that the text is in other letters, or the one that its number stands for.
func meant(text string, names []string) string {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(s))
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

// unparsable returns the texts that Gloo can't read.
func (u *Upstream) unparsable() (out []fact.Unparsable) {
	if k := u.Spec.Kube; k != nil && k.SubsetSpec != nil {
		out = check(out, "spec.kube.subsetSpec.fallbackPolicy", k.SubsetSpec.FallbackPolicy, fallbacks)
	}
	return enumsWithin(out, u.Spec.Rest, upstreamEnums, "spec")
}

// unparsable returns the texts in a list of routes that Gloo can't read.
func unparsable(field string, routes []Route) []fact.Unparsable {
	var out []fact.Unparsable
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
		out = r.unparsableOptions(out, field, i)
	}
	return out
}
