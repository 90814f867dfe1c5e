package webhook

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"aviary.dev/convention"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// override makes warnings of the denials that the annotation aviary.dev/override names: in the
// request that adds or changes it, and for a DELETE or a scaling within the hour after. The
// requester must have the verb "override" on rules.aviary.dev, by the rule's name. An override that
// is not known to hold lowers nothing.
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
		if f.Mode != policy.ModeDeny || !slices.Contains(o.Rules, f.Rule) {
			continue
		}
		if why := v.keepsDenial(ctx, c, f.Rule); why != "" {
			out[i].Fix += "; " + why
			continue
		}
		out[i].Mode = policy.ModeWarn
		out[i].Message = "overridden (" + o.Reason + "): " + f.Message
		c.overridden = true
		overrides.WithLabelValues(f.Rule).Inc()
		v.recordOverride(c, f.Rule, o.Reason)
	}
	return policy.Sort(append(out, unknownRules(c.judge, o)...))
}

// keepsDenial says why an override that names the rule has no effect; empty if it has one.
func (v *Validate) keepsDenial(ctx context.Context, c *call, id string) string {
	if rule, known := c.judge.Rule(id); known && rule.Fixed {
		return "no override lowers this rule"
	}
	allowed, err := v.mayOverride(ctx, c, id)
	switch user := c.UserInfo.Username; {
	case err != nil:
		return fmt.Sprintf("whether %s may override it could not be looked up: %s", user, err)
	case !allowed:
		return fmt.Sprintf("the override has no effect: %s lacks the verb override on rules.aviary.dev/%s", user, id)
	}
	return ""
}

// misnamed adds what is wrong with the names in an override that the request brings. Nothing is
// refused yet: an override is often set beforehand, for the DELETE or the scaling to come, and
// would then be found to be without effect.
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

// unknownRules tells of names in an override that no rule has, since they would be silently without
// effect.
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

// recordOverride writes an Event about the object of a request. One that is not stored yet nobody
// can find, so only updates and deletions have one. The rule is in the action, too, because
// client-go folds Events that differ in nothing but their text.
func (v *Validate) recordOverride(c *call, rule, reason string) {
	if v.Events == nil || c.DryRun != nil && *c.DryRun || c.Operation == "CREATE" {
		return
	}
	v.Events.Eventf(c.regarding(), nil, corev1.EventTypeWarning, "Overridden", string(c.Operation)+" "+rule,
		"%s overrode %s: %s", c.UserInfo.Username, rule, reason)
}
