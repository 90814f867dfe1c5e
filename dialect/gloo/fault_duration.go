package gloo

import (
	"time"

	"aviary.dev/fact"
)

// The durations of Gloo's options (docs/gloo-api.md, Encoding).
var (
	optionDurations   = ofOptions()
	retryDurations    = textFields{"retryBackOff": backOff, "rateLimitedRetryBackOff": backOff}
	tlsDurations      = textFields{"transportSocketConnectTimeout": nil}
	upstreamDurations = ofUpstreams()

	backOff = textFields{"baseInterval": nil, "maxInterval": nil}
)

// ofOptions are those of the options of routes and of virtual hosts, but for the ones that [RouteOptions] has.
func ofOptions() textFields {
	limit := textFields{"localRatelimit": {"fillInterval": nil}}
	keys := textFields{"providers": {anyName: {"jwks": {"remote": {"cacheDuration": nil}}}}}
	stages := textFields{"beforeExtAuth": keys, "afterExtAuth": keys}
	processor := textFields{"overrides": {"grpcService": {"timeout": nil, "retryPolicy": {"retryBackOff": backOff}}}}
	return textFields{
		"maxStreamDuration": {"maxStreamDuration": nil, "grpcTimeoutHeaderMax": nil, "grpcTimeoutHeaderOffset": nil},
		"lbHash":            {"hashPolicies": {"cookie": {"ttl": nil}}},
		"ratelimit":         limit, "ratelimitEarly": limit, "ratelimitRegular": limit,
		"jwt": keys, "jwtStaged": stages, "jwtProvidersStaged": stages,
		"extProc": processor, "extProcEarly": processor, "extProcLate": processor,
	}
}

func ofUpstreams() textFields {
	slowly := textFields{"slowStartConfig": {"slowStartWindow": nil}}
	return textFields{
		"connectionConfig": {
			"connectTimeout": nil, "tcpKeepalive": {"keepaliveInterval": nil, "keepaliveTime": nil},
			"commonHttpProtocolOptions": {"idleTimeout": nil, "maxStreamDuration": nil},
		},
		"healthChecks": {
			"timeout": nil, "interval": nil, "initialJitter": nil, "intervalJitter": nil, "noTrafficInterval": nil,
			"unhealthyInterval": nil, "unhealthyEdgeInterval": nil, "healthyEdgeInterval": nil,
		},
		"loadBalancerConfig": {"updateMergeWindow": nil, "roundRobin": slowly, "leastRequest": slowly},
		"outlierDetection":   {"interval": nil, "baseEjectionTime": nil},
		"dnsRefreshRate":     nil,
	}
}

// durations looks for those that Gloo can't read in what was read no further.
func (f *faults) durations(raw []byte, in textFields, at string) {
	in.each(raw, at, func(text, at string) { f.readable(text, at, "") })
}

// readable reports whether Gloo reads the duration, and says so where it doesn't.
func (f *faults) readable(text, at, name string) (time.Duration, bool) {
	d, err := time.ParseDuration(text)
	if err != nil {
		f.add(fact.BadDuration, fact.ReachKind, at+name, text, "")
	}
	return d, err == nil
}

// duration looks at one of which Envoy takes no negative one either.
func (f *faults) duration(text *string, at, name string) {
	if text == nil {
		return
	}
	if d, ok := f.readable(*text, at, name); ok && d < 0 {
		f.add(fact.BadDuration, fact.ReachAll, at+name, *text, "is negative")
	}
}
