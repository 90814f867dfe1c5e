package report

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

const (
	sarifSchema = "https://json.schemastore.org/sarif-2.1.0.json"
	home        = "https://aviary.dev"
)

// The part of SARIF 2.1.0 that is written; what a library for all of it writes is mostly empty lists.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string      `json:"id"`
		ShortDescription sarifText   `json:"shortDescription"`
		FullDescription  sarifText   `json:"fullDescription"`
		Help             sarifHelp   `json:"help"`
		Default          sarifConfig `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifConfig struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical sarifPhysical  `json:"physicalLocation"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region struct {
			StartLine int `json:"startLine"`
		} `json:"region"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

// sarif writes a run with all rules and a result for each finding.
func sarif(out io.Writer, r audit.Result, o Options) error {
	run := sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "Aviary", Version: o.Version, InformationURI: home, Rules: []sarifRule{}}
	index := map[string]int{}
	for i, rule := range o.Rules {
		index[rule.ID] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID: rule.ID, ShortDescription: sarifText{rule.Title}, FullDescription: sarifText{rule.Description},
			Help: sarifHelp{rule.Description, rule.Page}, Default: sarifConfig{level(rule.Mode)},
		})
	}
	for _, f := range r.Findings {
		at, ok := index[f.Rule]
		if !ok {
			at = -1
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, RuleIndex: at, Level: level(f.Mode), Locations: []sarifLocation{location(f)},
			Message:      sarifText{f.Object() + ": " + f.Field + ": " + f.Message + "; " + f.Fix},
			Fingerprints: map[string]string{"aviary/v1": fingerprint(f)},
		})
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

func level(m policy.Mode) string {
	switch m {
	case policy.ModeDeny:
		return "error"
	case policy.ModeWarn:
		return "warning"
	case policy.ModeAudit:
		return "note"
	default:
		return "none"
	}
}

// location returns a physical location of what is live, too: code scanning refuses a report with a
// result that has none.
func location(f audit.Finding) sarifLocation {
	l := sarifLocation{Logical: []sarifLogical{{f.Object() + ": " + f.Field, "object"}}}
	l.Physical.Artifact.URI = uri(cmp.Or(f.File, path.Join("cluster", f.Kind, f.Namespace, f.Name)))
	l.Physical.Region.StartLine = max(f.Line, 1)
	return l
}

// uri returns a relative reference, from where the audit ran, or a file URL.
func uri(file string) string {
	u := url.URL{Path: filepath.ToSlash(filepath.Clean(file))}
	if filepath.IsAbs(file) {
		u.Scheme = "file"
	}
	return strings.TrimPrefix(u.String(), "./")
}

// fingerprint names a finding across changes of the file around it.
func fingerprint(f audit.Finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, f.Kind, f.Namespace, f.Name, f.Field, f.Message}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
