package judge

import (
	"context"
	"slices"
	"strconv"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// listener is what serves TLS in one world. Roots with one encryption are served alike, for the server names of all of
// them, or for every name if one of them has none. Two encryptions may not be for one name.
type listener struct {
	*decision
	facts fact.Reader
	// groups are the roots with an encryption; nil where they are for every name.
	groups map[string][]*fact.Table
}

func (d *decision) listener(facts fact.Reader) *listener {
	return &listener{d, facts, map[string][]*fact.Table{}}
}

// group returns the roots with the encryption, by name; nil if they are for every name.
func (l *listener) group(ctx context.Context, encryption string) ([]*fact.Table, error) {
	if known, ok := l.groups[encryption]; ok {
		return known, nil
	}
	all, err := l.facts.RootsOf(ctx, fact.EncryptionKey(encryption))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(slices.Clone(all), func(t *fact.Table) bool { return !l.isRoot(t) || t.Terminating })
	othersFirst(all, "")
	if slices.ContainsFunc(all, func(t *fact.Table) bool { return len(t.Entry.Names) == 0 }) {
		all = nil
	}
	l.groups[encryption] = all
	return all, nil
}

// rivals are the roots with another encryption than the root's that are for the same name, those of other namespaces
// first. An empty name stands for every name, which is another one than each.
func (l *listener) rivals(ctx context.Context, t *fact.Table, name string) ([]*fact.Table, error) {
	mine, err := l.group(ctx, t.Entry.Encryption)
	if err != nil || name != "" && mine == nil {
		return nil, err
	}
	all, err := l.facts.RootsOf(ctx, fact.NameKey(name))
	if err != nil {
		return nil, err
	}
	var out []*fact.Table
	for _, o := range all {
		if !l.isRoot(o) || o.Entry.Encryption == t.Entry.Encryption {
			continue
		}
		theirs, err := l.group(ctx, o.Entry.Encryption)
		if err != nil {
			return nil, err
		}
		if name == "" || theirs != nil {
			out = append(out, o)
		}
	}
	othersFirst(out, t.Namespace)
	return out, nil
}

// sharedNames describes the server names of a root for which one with another encryption is, too.
func (d *decision) sharedNames(ctx context.Context, t *fact.Table) (out []input.SharedName, err error) {
	if t.Entry == nil {
		return nil, nil
	}
	l := d.listener(d.after)
	for i, name := range t.Entry.ServerNames() {
		rivals, err := l.rivals(ctx, t, name)
		if err != nil {
			return nil, err
		}
		if len(rivals) == 0 || slices.Contains(t.Entry.Names[:min(i, len(t.Entry.Names))], name) {
			continue
		}
		of, going := staying(rivals)
		field := "spec.sslConfig"
		if name != "" {
			field += ".sniDomains[" + strconv.Itoa(i) + "]"
		}
		out = append(out, input.SharedName{
			Field: field, Name: fact.Clip(name), Root: d.name(of[0].ID), Owner: of[0].Namespace, More: len(of) - 1,
			Going: going,
		})
		if len(out) == maxNamed {
			break
		}
	}
	return out, nil
}

// exposed describes the server names for which two other roots would be by the request: as long as the object is for
// every name, so are all with its encryption, and nobody else has theirs.
func (d *decision) exposed(ctx context.Context) ([]input.Exposed, error) {
	old := d.wholeOld()
	if old == nil || old.Entry == nil || old.Entry.Encryption == "" || len(old.Entry.Names) > 0 {
		return nil, nil
	}
	after := d.listener(d.after)
	group, err := after.group(ctx, old.Entry.Encryption)
	if err != nil {
		return nil, err
	}
	out, err := after.clashes(ctx, group, old.ID)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	before, err := d.listener(d.asBefore(ctx, old).after).rivals(ctx, old, "")
	for i := range out {
		if out[i].Frozen = len(before) > 0; d.request.New == nil {
			out[i].Field = "metadata.name"
		}
	}
	return out, err
}

// clashes are the names of a group, but for those of one root, which is told of itself, for which another one is.
func (l *listener) clashes(ctx context.Context, group []*fact.Table, but route.ID) (out []input.Exposed, err error) {
	told := map[string]struct{}{}
	for _, t := range group {
		for _, name := range t.Entry.Names {
			if _, known := told[name]; known || t.ID == but || len(out) == maxNamed {
				continue
			}
			rivals, err := l.rivals(ctx, t, name)
			if err != nil {
				return nil, err
			}
			if rivals, going := staying(rivals); len(rivals) > 0 && !going {
				told[name] = struct{}{}
				names := []string{l.name(t.ID), l.name(rivals[0].ID)}
				out = append(out, input.Exposed{Field: "spec.sslConfig", Name: fact.Clip(name), Roots: names})
			}
		}
	}
	return out, nil
}
