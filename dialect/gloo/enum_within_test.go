package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/fact"
)

// TestEnumsWithin: a text that is no name keeps Gloo from reading the object; numbers, null and other fields don't.
func TestEnumsWithin(t *testing.T) {
	t.Parallel()
	const template = `{"transformationTemplate":{"extractors":{"x":{"mode":"extract"}},"parseBodyBehavior":"DontParse"}}`
	for name, c := range map[string]struct {
		options string
		want    []fact.Unparsable
	}{
		"None":     {`{}`, nil},
		"Names":    {`{"waf":{"auditLogging":{"action":"ALWAYS"}},"jwt":{"validationPolicy":"ALLOW_MISSING"}}`, nil},
		"Number":   {`{"waf":{"auditLogging":{"action":7,"location":null}}}`, nil},
		"NotThere": {`{"faults":{"mode":"x"},"waf":{"action":"x"},"ai":{"routeType":"x"}}`, nil},
		"Other letters": {
			`{"csrf":{"filterEnabled":{"defaultValue":{"denominator":"hundred"}}}}`,
			[]fact.Unparsable{{Field: "csrf.filterEnabled.defaultValue.denominator", Value: "hundred", Meant: "HUNDRED"}},
		},
		"A number as text": {
			`{"waf":{"auditLogging":{"action":"1"}}}`,
			[]fact.Unparsable{{Field: "waf.auditLogging.action", Value: "1", Meant: "RELEVANT_ONLY"}},
		},
		"In a list": {
			`{"dlp":{"actions":[{"actionType":"SSN"},{"actionType":"IBAN"}]}}`,
			[]fact.Unparsable{{Field: "dlp.actions[1].actionType", Value: "IBAN"}},
		},
		"In a map": {
			`{"stagedTransformations":{"early":{"responseTransforms":[{"responseTransformation":` + template + `}]}}}`,
			[]fact.Unparsable{{
				Field: "stagedTransformations.early.responseTransforms[0].responseTransformation." +
					"transformationTemplate.extractors[x].mode", Value: "extract", Meant: "EXTRACT",
			}},
		},
		"In what retries": {
			`{"retries":{"rateLimitedRetryBackOff":{"resetHeaders":[{"name":"x","format":"MILLIS"}]}}}`,
			[]fact.Unparsable{{Field: "retries.rateLimitedRetryBackOff.resetHeaders[0].format", Value: "MILLIS"}},
		},
	} {
		for at, read := range map[string]func(string) []fact.Unparsable{
			"spec.routes[0].options.": func(options string) []fact.Unparsable {
				return readRouteTable(decodeInto[RouteTable](t, `{"spec":{"routes":[{"options":`+options+`}]}}`)).Unparsable
			},
			"spec.virtualHost.options.": func(options string) []fact.Unparsable {
				host := `{"spec":{"virtualHost":{"options":` + options + `}}}`
				return readVirtualService(decodeInto[VirtualService](t, host)).Unparsable
			},
		} {
			var want []fact.Unparsable
			for _, w := range c.want {
				w.Field = at + w.Field
				want = append(want, w)
			}
			if diff := cmp.Diff(want, read(c.options), cmpopts.IgnoreFields(fact.Unparsable{}, "Names")); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, at, diff)
			}
		}
	}
}

func TestEnumsOfListenersAndUpstreams(t *testing.T) {
	t.Parallel()
	names := cmpopts.IgnoreFields(fact.Unparsable{}, "Names")
	service := readVirtualService(decodeInto[VirtualService](t,
		`{"spec":{"sslConfig":{"parameters":{"minimumProtocolVersion":"TLSv1.2","maximumProtocolVersion":"TLSv1_3"}}}}`))
	want := []fact.Unparsable{
		{Field: "spec.sslConfig.parameters.minimumProtocolVersion", Value: "TLSv1.2", Meant: "TLSv1_2"},
	}
	if diff := cmp.Diff(want, service.Unparsable, names); diff != "" {
		t.Errorf("VirtualService (-want +got):\n%s", diff)
	}
	upstream := readUpstream(decodeInto[Upstream](t, `{"spec":{"protocolSelection":"USE_DOWNSTREAM_PROTOCOL",
"healthChecks":[{"httpHealthCheck":{"method":"get"}}],"sslConfig":{"parameters":{"maximumProtocolVersion":"1.3"}}}}`))
	want = []fact.Unparsable{
		{Field: "spec.healthChecks[0].httpHealthCheck.method", Value: "get", Meant: "GET"},
		{Field: "spec.sslConfig.parameters.maximumProtocolVersion", Value: "1.3"},
	}
	if diff := cmp.Diff(want, upstream.Unparsable, names); diff != "" {
		t.Errorf("Upstream (-want +got):\n%s", diff)
	}
}
