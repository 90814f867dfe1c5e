package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// override makes warnings of the denials that the annotation aviary.dev/override names: in the request that adds or
// changes it, and for a DELETE or a scaling within the hour after. The requester must have the verb "override" on
// rules.aviary.dev, by the rule's name. An override that is not known to hold lowers nothing.
func (v *Validate) override(ctx context.Context, c *call, findings []policy.Finding) []policy.Finding {
	text, err := v.overrideInForce(ctx, c)
	out := slices.Clone(findings)
	if err != nil {
		for i := range out {
			if out[i].Mode == policy.ModeDeny {
				out[i].Fix += fmt.Sprintf("; whether an override holds could not be looked up: %s", err)
			}
		}
		return out
	}
	o, err := convention.ParseOverride(text)
	if err != nil || text == "" {
		return findings // that it can't be read is a finding of its own
	}
	for i, f := range out {
		rule, known := c.judge.Rule(f.Rule)
		if f.Mode != policy.ModeDeny || !slices.Contains(o.Rules, f.Rule) {
			continue
		}
		if known && rule.Fixed {
			out[i].Fix += "; no override lowers this rule"
			continue
		}
		allowed, err := v.mayOverride(ctx, c, f.Rule)
		switch {
		case err != nil:
			out[i].Fix += fmt.Sprintf("; whether %s may override it could not be looked up: %s", c.UserInfo.Username, err)
			continue
		case !allowed:
			out[i].Fix += fmt.Sprintf("; the override has no effect: %s lacks the verb override on rules.aviary.dev/%s", c.UserInfo.Username, f.Rule)
			continue
		}
		out[i].Mode = policy.ModeWarn
		out[i].Message = "overridden (" + o.Reason + "): " + f.Message
		c.overridden = true
		overrides.WithLabelValues(f.Rule).Inc()
		v.overridden(c, f.Rule, o.Reason)
	}
	return policy.Sort(append(out, unknownRules(c.judge, o)...))
}

// overrideInForce gives the override's text; empty for none.
func (v *Validate) overrideInForce(ctx context.Context, c *call) (string, error) {
	if c.request.Operation == judge.Scale { // a Scale has none of its Deployment's annotations
		var d convention.Deployment
		if err := v.Live.Get(ctx, types(c), &d); err != nil {
			return "", err
		}
		return v.recent(d.Annotations), nil
	}
	if c.request.Operation == judge.Delete {
		old, err := annotations(c.OldObject.Raw)
		return v.recent(old), err
	}
	return c.changedOverride()
}

// changedOverride gives the override that the request adds or changes; empty for none.
func (c *call) changedOverride() (string, error) {
	now, err := annotations(c.Object.Raw)
	if err != nil || now[convention.KeyOverride] == "" {
		return "", err
	}
	old, err := annotations(c.OldObject.Raw)
	if err != nil || now[convention.KeyOverride] == old[convention.KeyOverride] {
		return "", err
	}
	return now[convention.KeyOverride], nil
}

// misnamed adds what is wrong with the names in an override that the request brings. Nothing is refused yet: an override
// is often set beforehand, for the DELETE or the scaling to come, and would then be found to be without effect.
func (c *call) misnamed(findings []policy.Finding) ([]policy.Finding, error) {
	text, err := c.changedOverride()
	if err != nil || text == "" {
		return findings, err
	}
	o, err := convention.ParseOverride(text)
	if err != nil {
		return findings, nil //nolint:nilerr // because it is a finding of its own.
	}
	unknown := unknownRules(c.judge, o)
	if len(unknown) == 0 {
		return findings, nil
	}
	return policy.Sort(append(slices.Clone(findings), unknown...)), nil
}

// recent gives the override of an object whose stamp is not older than an hour.
func (v *Validate) recent(annotations map[string]string) string {
	if annotations[convention.KeyOverride] == "" {
		return ""
	}
	at, err := time.Parse(time.RFC3339Nano, annotations[convention.KeyOverriddenAt])
	if now := v.Now(); err != nil || now.Sub(at) > convention.OverrideLasts || at.After(now.Add(time.Minute)) {
		return ""
	}
	return annotations[convention.KeyOverride]
}

// annotations reads the object's annotations, if it has an override at all.
func annotations(raw []byte) (map[string]string, error) {
	if !bytes.Contains(raw, []byte(convention.KeyOverride)) {
		return nil, nil
	}
	var o metav1.PartialObjectMetadata
	err := json.Unmarshal(raw, &o)
	return o.Annotations, err
}

func (v *Validate) mayOverride(ctx context.Context, c *call, rule string) (bool, error) {
	if v.Rights == nil {
		return false, nil
	}
	return v.Rights.May(ctx, c.UserInfo, authorizationv1.ResourceAttributes{
		Namespace: c.Namespace, Verb: "override", Group: "aviary.dev", Resource: "rules", Name: rule,
	})
}

// unknownRules tells of names in an override that no rule has, since they would be silently without effect.
func unknownRules(j *judge.Judge, o convention.Override) []policy.Finding {
	var out []policy.Finding
	for _, name := range o.Rules {
		if _, known := j.Rule(name); known {
			continue
		}
		fix := "remove it"
		if near := convention.Nearest(name, j.RuleIDs()); near != "" {
			fix = "did you mean " + near + "?"
		}
		out = append(out, policy.Finding{
			Rule: "annotations-valid", Mode: policy.ModeWarn, Field: convention.Annotation(convention.KeyOverride),
			Message: fmt.Sprintf("names %s, which is no rule", strings.TrimSpace(name)), Fix: fix,
		})
	}
	return out
}
