package convention

import (
	"fmt"
	"slices"
	"strings"
)

// Summary tells in one line who gets the traffic, and where that is not what was declared: "v1 90, v2 10 (declared 50:
// 0/3 ready)", "v2 100 (v1 to take over: 0/3 ready)", "v2 100; v1 says primary, superseded".
func (p Plan) Summary() string {
	var parts []string
	for i, s := range p.Shares {
		text := fmt.Sprintf("%s %d", s.Version.Name, s.Percent)
		if v := s.Version; i > 0 && v.Role == Canary && v.Weight != s.Percent {
			text += fmt.Sprintf(" (declared %d: %d/%d ready)", v.Weight, v.Ready, v.Replicas)
		}
		if v := p.TakingOver; i == 0 && v != nil {
			text += fmt.Sprintf(" (%s to take over: %d/%d ready)", v.Name, v.Ready, v.Replicas)
		}
		parts = append(parts, text)
	}
	claims := []string{strings.Join(parts, ", ")}
	for _, v := range p.Superseded {
		claims = append(claims, v.Name+" says primary, superseded")
	}
	return strings.Join(claims, "; ")
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
