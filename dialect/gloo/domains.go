package gloo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"aviary.dev/fact"
)

// everyDomain is what a VirtualService without domains serves, and one without virtualHost.
var everyDomain = []string{"*"}

// entry reads how requests come to the VirtualService (docs/gloo-api.md, Domains).
func (t *VirtualService) entry() *fact.Entry {
	out := &fact.Entry{Domains: everyDomain, Field: "spec.virtualHost"}
	if h := t.Spec.VirtualHost; h != nil {
		out.Field = "spec.virtualHost.domains"
		if len(h.Domains) > 0 {
			out.Domains, out.Stated = h.Domains, true
		}
	}
	if stated(t.Spec.SSLConfig) {
		out.Encryption, out.Names = encryption(t.Spec.SSLConfig)
	}
	return out
}

// encryption tells sslConfigs apart. Gloo puts those on one listener that differ in nothing but their sniDomains.
func encryption(raw json.RawMessage) (key string, names []string) {
	var config map[string]any
	if json.Unmarshal(raw, &config) != nil {
		return string(raw), nil
	}
	listed, _ := config["sniDomains"].([]any)
	for _, name := range listed {
		if text, ok := name.(string); ok {
			names = append(names, fact.FoldDomain(text))
		}
	}
	delete(config, "sniDomains")
	text, err := json.Marshal(config) // with its keys sorted
	if err != nil {
		return string(raw), names
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), names
}

// domains looks for those that Gloo takes from nobody.
func (f *faults) domains(e *fact.Entry) {
	if !e.Stated {
		return
	}
	seen := make(map[string]struct{}, len(e.Domains))
	for i, domain := range e.Domains {
		if domain == "" {
			f.add(fact.EmptyDomain, fact.ReachListener, item(e.Field, i), "", "")
			continue
		}
		folded := fact.FoldDomain(domain)
		if _, twice := seen[folded]; twice {
			f.add(fact.SameDomain, fact.ReachListener, item(e.Field, i), domain, "")
		}
		seen[folded] = struct{}{}
	}
}
