package gloo

import (
	"encoding/json"
	"net/url"
	"strconv"

	"aviary.dev/fact"
)

// options looks through the options of a route, and for regexes in those that were read no further. Names of fields are
// put together only where something is wrong.
func (f *faults) options(o *RouteOptions, regexes textFields, route string) {
	f.rewrite(o.RegexRewrite, fact.ReachRoot, route, ".options.regexRewrite")
	f.rewrite(o.HostRewritePathRegex, fact.ReachRoot, route, ".options.hostRewritePathRegex")
	f.prefixRewrite(o.PrefixRewrite, route, ".options.prefixRewrite")
	f.duration(o.Timeout, route, ".options.timeout")
	f.duration(o.IdleTimeout, route, ".options.idleTimeout")
	f.retries(o.Retries, route, ".options.retries")
	if o.Shadowing != nil {
		f.percentage(o.Shadowing.Percentage, route, ".options.shadowing.percentage")
	}
	if o.Faults != nil {
		f.percentage(o.Faults.Abort.Percentage, route, ".options.faults.abort.percentage")
		f.percentage(o.Faults.Delay.Percentage, route, ".options.faults.delay.percentage")
		f.duration(o.Faults.Delay.FixedDelay, route, ".options.faults.delay.fixedDelay")
	}
	if len(o.Rest) > 0 {
		f.durations(o.Rest, optionDurations, route+".options")
		f.within(o.Rest, regexes, route+".options")
	}
}

// host looks through what a VirtualService says of all its routes, and of its listener.
func (f *faults) host(t *VirtualService) {
	f.durations(t.Spec.SSLConfig, tlsDurations, "spec.sslConfig")
	if h := t.Spec.VirtualHost; h != nil && h.Options != nil {
		f.retries(h.Options.Retries, "spec.virtualHost", ".options.retries")
		f.durations(h.Options.Rest, optionDurations, "spec.virtualHost.options")
		f.within(h.Options.Rest, optionRegexes, "spec.virtualHost.options")
	}
}

func (f *faults) retries(r *Retries, at, name string) {
	if r == nil {
		return
	}
	f.duration(r.PerTryTimeout, at, name+".perTryTimeout")
	if len(r.Rest) > 0 {
		f.durations(r.Rest, retryDurations, at+name)
	}
}

// redirect looks at where a redirect leads.
func (f *faults) redirect(raw json.RawMessage, route string) {
	var redirect struct {
		PathRedirect  string        `json:"pathRedirect"`
		PrefixRewrite string        `json:"prefixRewrite"`
		RegexRewrite  *RegexRewrite `json:"regexRewrite"`
	}
	if json.Unmarshal(raw, &redirect) != nil {
		return
	}
	if why := badPath(redirect.PathRedirect); why != "" {
		f.add(fact.BadPath, fact.ReachChecked, route+".redirectAction.pathRedirect", redirect.PathRedirect, why)
	}
	f.prefixRewrite(redirect.PrefixRewrite, route, ".redirectAction.prefixRewrite")
	f.rewrite(redirect.RegexRewrite, fact.ReachAll, route, ".redirectAction.regexRewrite")
}

func (f *faults) rewrite(r *RegexRewrite, reach fact.Reach, at, name string) {
	if r != nil && r.Pattern.Regex != "" {
		f.regex(r.Pattern.Regex, reach, func() string { return at + name + ".pattern.regex" })
	}
}

// prefixRewrite looks at a text that may have a query and a fragment behind its path.
func (f *faults) prefixRewrite(text, at, name string) {
	if text == "" || pathOnly(text) && badPath(text) == "" {
		return
	}
	u, err := url.Parse(text)
	why := ""
	if err != nil {
		why = "can't be parsed"
	} else {
		why = badPath(u.Path)
	}
	if why != "" {
		f.add(fact.BadPath, fact.ReachChecked, at+name, text, why)
	}
}

// mirror looks at a copy that names nobody, and at one of what the gateway answers by itself (docs/gloo-api.md, What
// one fault does to others).
func (f *faults) mirror(r *Route, at string) {
	switch s := r.Options.Shadowing; {
	case s == nil:
	case stated(r.DirectResponseAction), stated(r.RedirectAction):
		f.add(fact.IdleMirror, fact.ReachChecked, at+".options.shadowing", "", "")
	case s.Upstream == nil:
		f.add(fact.BadMirror, fact.ReachChecked, at+".options.shadowing", "", "names no upstream, must name one")
	}
}

func (f *faults) percentage(p float64, at, name string) {
	if p < 0 || p > 100 {
		f.add(fact.BadPercentage, fact.ReachChecked, at+name, strconv.FormatFloat(p, 'f', -1, 64), "")
	}
}
