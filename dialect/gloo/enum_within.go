package gloo

import (
	"bytes"
	"slices"

	"aviary.dev/fact"
)

// enumField is a field of what is read no further that has one of the names, or a number (docs/gloo-api.md, Enums).
type enumField struct {
	names []string
	// last is the name of the field, and in where it is.
	last string
	in   textFields
}

// The enums of options of routes and virtual hosts, of retries, of an sslConfig and of Upstreams.
var (
	optionEnums   = enumsOfOptions()
	retryEnums    = []enumField{{formats, "format", resetHeaders}}
	tlsEnums      = append(versionEnums(), enumField{staples, "ocspStaplePolicy", textFields{"ocspStaplePolicy": nil}})
	upstreamEnums = enumsOfUpstreams()

	formats      = []string{"SECONDS", "UNIX_TIMESTAMP"}
	staples      = []string{"LENIENT_STAPLING", "STRICT_STAPLING", "MUST_STAPLE"}
	versions     = []string{"TLS_AUTO", "TLSv1_0", "TLSv1_1", "TLSv1_2", "TLSv1_3"}
	denominators = []string{"HUNDRED", "TEN_THOUSAND", "MILLION"}
	methods      = []string{
		"METHOD_UNSPECIFIED", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
	}
	masks = []string{
		"CUSTOM", "SSN", "MASTERCARD", "VISA", "AMEX", "DISCOVER", "JCB", "DINERS_CLUB", "CREDIT_CARD_TRACKERS",
		"ALL_CREDIT_CARDS", "KEYVALUE", "ALL_CREDIT_CARDS_COMBINED",
	}

	resetHeaders = textFields{"rateLimitedRetryBackOff": {"resetHeaders": {"format": nil}}}
)

func enumsOfOptions() []enumField {
	share := textFields{"defaultValue": {"denominator": nil}}
	keys := textFields{"validationPolicy": nil}
	claims := textFields{"policies": {anyName: {"principals": {"jwtPrincipal": {"matcher": nil}}}}}
	out := []enumField{
		{[]string{"DEFAULT", "UNION"}, "exposeHeaders", textFields{"corsPolicyMergeSettings": {"exposeHeaders": nil}}},
		{denominators, "denominator", textFields{"csrf": {"filterEnabled": share, "shadowEnabled": share}}},
		{[]string{"RESPONSE_BODY", "ACCESS_LOGS", "ALL"}, "enabledFor", textFields{"dlp": {"enabledFor": nil}}},
		{masks, "actionType", textFields{"dlp": {"actions": {"actionType": nil}}}},
		{[]string{"REQUIRE_VALID", "ALLOW_MISSING", "ALLOW_MISSING_OR_FAILED"}, "validationPolicy", textFields{
			"jwt": keys, "jwtStaged": {"beforeExtAuth": keys, "afterExtAuth": keys},
			"jwtProvidersStaged": {"beforeExtAuth": keys, "afterExtAuth": keys},
		}},
		{[]string{"EXACT_STRING", "BOOLEAN", "LIST_CONTAINS", "REGEX_MATCH"}, "matcher", textFields{"rbac": claims}},
		{[]string{"NEVER", "RELEVANT_ONLY", "ALWAYS"}, "action", textFields{"waf": {"auditLogging": {"action": nil}}}},
		{[]string{"FILTER_STATE", "DYNAMIC_METADATA"}, "location", textFields{"waf": {"auditLogging": {"location": nil}}}},
	}
	return append(append(out, processingEnums()...), transformationEnums()...)
}

func processingEnums() (out []enumField) {
	modes := func(names []string, fields ...string) {
		for _, field := range fields {
			in := textFields{"overrides": {"processingMode": {field: nil}}}
			out = append(out, enumField{names, field, textFields{"extProc": in, "extProcEarly": in, "extProcLate": in}})
		}
	}
	modes([]string{"DEFAULT", "SEND", "SKIP"},
		"requestHeaderMode", "responseHeaderMode", "requestTrailerMode", "responseTrailerMode")
	modes([]string{"NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL"}, "requestBodyMode", "responseBodyMode")
	return out
}

func transformationEnums() []enumField {
	of := func(template textFields) textFields {
		both := textFields{
			"requestTransformation":  {"transformationTemplate": template},
			"responseTransformation": {"transformationTemplate": template},
		}
		stage := textFields{"requestTransforms": both, "responseTransforms": both}
		return textFields{
			"transformations":       both,
			"stagedTransformations": {"early": stage, "regular": stage, "postRouting": stage},
		}
	}
	return []enumField{
		{
			[]string{"EXTRACT", "SINGLE_REPLACE", "REPLACE_ALL"},
			"mode",
			of(textFields{"extractors": {anyName: {"mode": nil}}}),
		},
		{[]string{"ParseAsJson", "DontParse"}, "parseBodyBehavior", of(textFields{"parseBodyBehavior": nil})},
	}
}

// versionEnums are those of the protocol versions of TLS.
func versionEnums() []enumField {
	return []enumField{
		{versions, "minimumProtocolVersion", textFields{"parameters": {"minimumProtocolVersion": nil}}},
		{versions, "maximumProtocolVersion", textFields{"parameters": {"maximumProtocolVersion": nil}}},
	}
}

func enumsOfUpstreams() []enumField {
	out := []enumField{
		{
			[]string{"USE_CONFIGURED_PROTOCOL", "USE_DOWNSTREAM_PROTOCOL"},
			"protocolSelection",
			textFields{"protocolSelection": nil},
		},
		{[]string{"ALLOW", "REJECT_REQUEST", "DROP_HEADER"}, "headersWithUnderscoresAction", textFields{
			"connectionConfig": {"commonHttpProtocolOptions": {"headersWithUnderscoresAction": nil}},
		}},
		{methods, "method", textFields{"healthChecks": {"httpHealthCheck": {"method": nil}}}},
	}
	for _, e := range versionEnums() {
		out = append(out, enumField{e.names, e.last, textFields{"sslConfig": e.in, "httpConnectSslConfig": e.in}})
	}
	return out
}

// enumsWithin adds the texts in what was read no further that are none of their enum's names. Numbers are left to the
// CRDs: those of no name are read, too.
func enumsWithin(list []fact.Unparsable, raw []byte, enums []enumField, at string) []fact.Unparsable {
	if len(raw) == 0 {
		return list
	}
	for _, e := range enums {
		if !bytes.Contains(raw, []byte(`"`+e.last+`"`)) {
			continue
		}
		e.in.each(raw, at, func(text, at string) {
			if !slices.Contains(e.names, text) && len(list) < maxChoices {
				list = append(list, fact.Unparsable{
					Field: at, Value: fact.Clip(text), Names: e.names, Meant: meant(text, e.names),
				})
			}
		})
	}
	return list
}

// unparsableOptions adds those in the options of a route.
func (r *Route) unparsableOptions(list []fact.Unparsable, field string, i int) []fact.Unparsable {
	if r.Options == nil || len(r.Options.Rest) == 0 && r.Options.Retries == nil {
		return list
	}
	at := item(field, i)
	list = enumsWithin(list, r.Options.Rest, optionEnums, at+".options")
	if retries := r.Options.Retries; retries != nil {
		list = enumsWithin(list, retries.Rest, retryEnums, at+".options.retries")
	}
	return list
}

// unparsableHost adds those in what a VirtualService says of all its routes, and of its listener.
func (t *VirtualService) unparsableHost(list []fact.Unparsable) []fact.Unparsable {
	list = enumsWithin(list, t.Spec.SSLConfig, tlsEnums, "spec.sslConfig")
	if h := t.Spec.VirtualHost; h != nil && h.Options != nil {
		list = enumsWithin(list, h.Options.Rest, optionEnums, "spec.virtualHost.options")
		if h.Options.Retries != nil {
			list = enumsWithin(list, h.Options.Retries.Rest, retryEnums, "spec.virtualHost.options.retries")
		}
	}
	return list
}
