package gloo

import (
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"aviary.dev/fact"
)

// options looks through the options of a route. Names of fields are put together only where something is wrong.
func (f *faults) options(o *RouteOptions, route string) {
	f.rewrite(o.RegexRewrite, fact.ReachRoot, route, ".options.regexRewrite")
	f.rewrite(o.HostRewritePathRegex, fact.ReachRoot, route, ".options.hostRewritePathRegex")
	f.prefixRewrite(o.PrefixRewrite, route, ".options.prefixRewrite")
	f.duration(o.Timeout, route, ".options.timeout")
	f.duration(o.IdleTimeout, route, ".options.idleTimeout")
	if o.Retries != nil {
		f.duration(o.Retries.PerTryTimeout, route, ".options.retries.perTryTimeout")
	}
	if o.Shadowing != nil {
		f.percentage(o.Shadowing.Percentage, route, ".options.shadowing.percentage")
	}
	if o.Faults != nil {
		f.percentage(o.Faults.Abort.Percentage, route, ".options.faults.abort.percentage")
		f.percentage(o.Faults.Delay.Percentage, route, ".options.faults.delay.percentage")
		f.duration(o.Faults.Delay.FixedDelay, route, ".options.faults.delay.fixedDelay")
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

// duration looks at a text as Gloo reads it; Envoy takes no negative one.
func (f *faults) duration(text *string, at, name string) {
	if text == nil {
		return
	}
	if d, err := time.ParseDuration(*text); err != nil {
		f.add(fact.BadDuration, fact.ReachObject, at+name, *text, "")
	} else if d < 0 {
		f.add(fact.BadDuration, fact.ReachAll, at+name, *text, "is negative")
	}
}

func (f *faults) percentage(p float64, at, name string) {
	if p < 0 || p > 100 {
		f.add(fact.BadPercentage, fact.ReachChecked, at+name, strconv.FormatFloat(p, 'f', -1, 64), "")
	}
}
