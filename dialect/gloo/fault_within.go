package gloo

import (
	"bytes"
	"encoding/json"

	"aviary.dev/fact"
)

// The expressions of options that come to Envoy unchecked (docs/gloo-api.md, Paths). Of a route that the gateway
// answers by itself Gloo takes no cors.
var (
	answerRegexes = textFields{"csrf": {"additionalOrigins": {"safeRegex": {"regex": nil}}}}
	optionRegexes = textFields{"csrf": answerRegexes["csrf"], "cors": {"allowOriginRegex": nil}}
)

// within looks for expressions in options that were read no further.
func (f *faults) within(raw []byte, in textFields, at string) {
	in.each(raw, at, func(text, at string) { f.regex(text, fact.ReachAll, func() string { return at }) })
	if bytes.Contains(raw, []byte(`"stagedTransformations"`)) {
		f.transformations(raw, at+".stagedTransformations")
	}
}

// stage is one of stagedTransformations. Their extractors are none of RE2's expressions.
type stage struct {
	RequestTransforms []struct {
		Matcher Matcher `json:"matcher"`
	} `json:"requestTransforms"`
	ResponseTransforms []struct {
		Matchers []HeaderMatch `json:"matchers"`
	} `json:"responseTransforms"`
}

// transformations looks at what says which requests and responses are changed. Gloo asks an Envoy of its own about it.
func (f *faults) transformations(raw []byte, at string) {
	var options struct {
		Staged struct {
			Early   stage `json:"early"`
			Regular stage `json:"regular"`
		} `json:"stagedTransformations"`
	}
	if json.Unmarshal(raw, &options) == nil {
		f.stage(&options.Staged.Early, at+".early")
		f.stage(&options.Staged.Regular, at+".regular")
	}
}

func (f *faults) stage(s *stage, at string) {
	for i := range s.RequestTransforms {
		m, at := &s.RequestTransforms[i].Matcher, item(at+".requestTransforms", i)+".matcher"
		if m.Regex != nil {
			f.checked(*m.Regex, at+".regex")
		}
		f.values(m.Headers, at+".headers")
		f.values(m.QueryParameters, at+".queryParameters")
		if len(m.Methods) > 0 {
			f.checked(joined(m.Methods), at+".methods")
		}
	}
	for i := range s.ResponseTransforms {
		f.values(s.ResponseTransforms[i].Matchers, item(at+".responseTransforms", i)+".matchers")
	}
}

func (f *faults) values(list []HeaderMatch, at string) {
	for i, h := range list {
		if h.Regex && h.Value != "" {
			f.checked(h.Value, item(at, i)+".value")
		}
	}
}

func (f *faults) checked(text, at string) {
	f.regex(text, fact.ReachChecked, func() string { return at })
}
