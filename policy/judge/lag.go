package judge

import (
	"aviary.dev/convention"
	"aviary.dev/policy/input"
)

// lag describes how the live table differs from what the app says; nil where it does not.
func (c *appChange) lag() *input.Lag {
	live := c.appBefore.Live()
	if !live.Exists || c.appBefore.InStep() {
		return nil
	}
	out := &input.Lag{Object: c.table.Kind + " " + c.table.Name, Follows: live.Follows, Deployment: c.teller()}
	out.Unroutable = c.appBefore.State() != convention.Routed
	if c.blocked != nil {
		out.Since, out.Why = c.blocked.Age(c.request.Now), c.blocked.Reason
	}
	return out
}

// teller names the Deployment whose Events tell of what keeps the app's siblings from being written: the first by name.
func (c *appChange) teller() (first string) {
	for _, v := range c.appBefore.Versions {
		if first == "" || v.Deployment < first {
			first = v.Deployment
		}
	}
	return first
}
