package gloo

import (
	"bytes"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"aviary.dev/fact"
)

// durations are the names of fields that are durations, and of objects, lists and maps that have some; nil is a
// duration itself.
type durations map[string]durations

// anyName stands for every name of a map.
const anyName = "*"

// The durations of Gloo's options (docs/gloo-api.md, Encoding).
var (
	optionDurations   = ofOptions()
	retryDurations    = durations{"retryBackOff": backOff, "rateLimitedRetryBackOff": backOff}
	tlsDurations      = durations{"transportSocketConnectTimeout": nil}
	upstreamDurations = ofUpstreams()

	backOff = durations{"baseInterval": nil, "maxInterval": nil}
)

// ofOptions are those of the options of routes and of virtual hosts, but for the ones that [RouteOptions] has.
func ofOptions() durations {
	limit := durations{"localRatelimit": {"fillInterval": nil}}
	keys := durations{"providers": {anyName: {"jwks": {"remote": {"cacheDuration": nil}}}}}
	stages := durations{"beforeExtAuth": keys, "afterExtAuth": keys}
	processor := durations{"overrides": {"grpcService": {"timeout": nil, "retryPolicy": {"retryBackOff": backOff}}}}
	return durations{
		"maxStreamDuration": {"maxStreamDuration": nil, "grpcTimeoutHeaderMax": nil, "grpcTimeoutHeaderOffset": nil},
		"lbHash":            {"hashPolicies": {"cookie": {"ttl": nil}}},
		"ratelimit":         limit, "ratelimitEarly": limit, "ratelimitRegular": limit,
		"jwt": keys, "jwtStaged": stages, "jwtProvidersStaged": stages,
		"extProc": processor, "extProcEarly": processor, "extProcLate": processor,
	}
}

func ofUpstreams() durations {
	slowly := durations{"slowStartConfig": {"slowStartWindow": nil}}
	return durations{
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
func (f *faults) durations(raw []byte, in durations, at string) {
	if len(raw) > 0 {
		f.durationsOf(jsontext.NewDecoder(bytes.NewReader(raw)), in, at)
	}
}

// durationsOf looks through the next value; it ends at what is no JSON.
func (f *faults) durationsOf(d *jsontext.Decoder, in durations, at string) {
	switch kind := d.PeekKind(); {
	case kind == '[':
		skip(d)
		for i := 0; d.PeekKind() != ']' && d.PeekKind() != jsontext.KindInvalid; i++ {
			f.durationsOf(d, in, item(at, i))
		}
		skip(d)
	case kind == '{' && in != nil:
		skip(d)
		for d.PeekKind() == '"' {
			f.member(d, in, at)
		}
		skip(d)
	case kind == '"' && in == nil:
		text, _ := d.ReadToken()
		f.readable(text.String(), at, "")
	default:
		_ = d.SkipValue()
	}
}

func (f *faults) member(d *jsontext.Decoder, in durations, at string) {
	token, err := d.ReadToken()
	if err != nil {
		return
	}
	name := token.String()
	if of, ok := in[name]; ok {
		f.durationsOf(d, of, at+"."+name)
	} else if of, ok = in[anyName]; ok {
		f.durationsOf(d, of, at+"["+name+"]")
	} else {
		_ = d.SkipValue()
	}
}

func skip(d *jsontext.Decoder) { _, _ = d.ReadToken() }

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
