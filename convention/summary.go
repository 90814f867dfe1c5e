package convention

import (
	"fmt"
	"slices"
	"strings"
)

// Summary tells in one line who gets the traffic, and where that is less than was declared:
// "v1 90, v2 10 (declared 50: 0/3 ready)".
func (p Plan) Summary() string {
	var parts []string
	for _, s := range p.Shares {
		text := fmt.Sprintf("%s %d", s.Version.Name, s.Percent)
		if v := s.Version; v.Role == Canary && v.Weight != s.Percent {
			text += fmt.Sprintf(" (declared %d: %d/%d ready)", v.Weight, v.Ready, v.Replicas)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// WasPrimary brings the table's record up to date: every living version that has been the effective primary, with
// the hash of its pod template when it last was: "v1@0f3a…,v2@77b1…".
func (a *App) WasPrimary(record string) string {
	past := parseWasPrimary(record)
	var out []string
	for _, v := range a.Versions {
		hash, was := past[v.Name]
		if v == a.primary {
			hash, was = v.Hash(), true
		}
		if was {
			out = append(out, v.Name+"@"+hash)
		}
	}
	return strings.Join(out, ",")
}

// WasPrimaryAs reports whether the record names the version with that hash.
func WasPrimaryAs(record, version, hash string) bool {
	past, ok := parseWasPrimary(record)[version]
	return ok && hash != "" && past == hash
}

func parseWasPrimary(record string) map[string]string {
	past := map[string]string{}
	for part := range strings.SplitSeq(record, ",") {
		if version, hash, ok := strings.Cut(part, "@"); ok {
			past[version] = hash
		}
	}
	return past
}

// Names joins the versions' names, sorted.
func Names(versions []*Version) []string {
	var out []string
	for _, v := range versions {
		out = append(out, v.Name)
	}
	slices.Sort(out)
	return out
}
