package glooworld

import "strings"

// matchRefusals returns what Envoy refuses of a matcher, which Gloo 1.2x doesn't check.
func matchRefusals(m Matcher) (out []string) {
	refuse := func(is bool, kind string) {
		if is {
			out = append(out, kind)
		}
	}
	kind, _ := m.path()
	refuse(kind == noPath, "no-path")
	for _, h := range m.Headers {
		refuse(h.Name == "", "header-name")
		refuse(h.Regex && !compiles(h.Value), "header-regex")
	}
	for _, q := range m.QueryParameters {
		refuse(q.Regex && !compiles(q.Value), "query-regex")
	}
	refuse(len(m.Methods) > 0 && !compiles(strings.Join(m.Methods, "|")), "method-regex")
	return out
}

// actionRefusals returns what Envoy refuses of an action.
func actionRefusals(s Source, r route) (out []string) {
	switch r.action() {
	case redirect:
		if rewrite := r.RedirectAction.RegexRewrite; rewrite != nil && !compiles(rewrite.Pattern.Regex) {
			return []string{"redirect-regex"}
		}
	case respond:
		if status := r.DirectResponseAction.Status; status < 200 || status >= 600 {
			return []string{"status"}
		}
	case forward:
		return destinationRefusals(s.Destinations)
	case noAction, delegate:
	}
	return nil
}

func destinationRefusals(to []Destination) []string {
	if len(to) == 0 {
		return []string{"empty-multi"}
	}
	var sum uint32
	for _, d := range to {
		switch {
		case d.Upstream == "":
			return []string{"missing-group"}
		case d.Weight == nil:
			return nil
		}
		sum += *d.Weight
	}
	if sum == 0 {
		return []string{"zero-weights"}
	}
	return nil
}
