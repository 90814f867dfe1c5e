package convention

import (
	"slices"
	"strings"
)

// deletedKept is how many versions that are gone stay in a record, so that a rollback may bring them back.
const deletedKept = 3

// Record is who was an app's primary in effect, in order of time: the last one is the incumbent. Each stands once,
// with the digest of the containers that it had when it last was. The table carries it: "v1@0f3a…,v2@77b1…".
type Record []Entry

// Entry is one version of a Record. Containers is a digest, see [Version.Containers].
type Entry struct{ Version, Containers string }

// parseRecord reads what [Record.String] writes; what has another form is left out.
func parseRecord(text string) Record {
	var out Record
	for part := range strings.SplitSeq(text, ",") {
		if version, containers, ok := strings.Cut(part, "@"); ok && version != "" {
			out = append(out.without(version), Entry{version, containers})
		}
	}
	return out
}

// String is the value of the annotation aviary.dev/was-primary.
func (r Record) String() string {
	parts := make([]string, len(r))
	for i, e := range r {
		parts[i] = e.Version + "@" + e.Containers
	}
	return strings.Join(parts, ",")
}

// Last is the version that was primary last; empty for none.
func (r Record) Last() string {
	if len(r) == 0 {
		return ""
	}
	return r[len(r)-1].Version
}

// of returns the version's entry, and whether there is one.
func (r Record) of(version string) (Entry, bool) {
	i := slices.IndexFunc(r, func(e Entry) bool { return e.Version == version })
	if i < 0 {
		return Entry{}, false
	}
	return r[i], true
}

func (r Record) without(version string) Record {
	return slices.DeleteFunc(slices.Clone(r), func(e Entry) bool { return e.Version == version })
}

// Record is the app's, brought up to date for a plan: whoever leads its main routes stands last, and of the versions
// that are gone the last three stay. A record of an Aviary before the one that says what it follows gets the containers
// that its versions have now (docs/adr/0018).
func (a *App) Record(p Plan) Record {
	record := slices.Clone(a.live.Record)
	if a.live.old() {
		for i, e := range record {
			if v := a.Version(e.Version); v != nil {
				record[i].Containers = v.Containers()
			}
		}
	}
	if len(p.Shares) > 0 { // the first is the primary in effect, or the sole version
		v := p.Shares[0].Version
		record = append(record.without(v.Name), Entry{v.Name, v.Containers()})
	}
	gone := 0
	for _, e := range record {
		if a.Version(e.Version) == nil {
			gone++
		}
	}
	return slices.DeleteFunc(record, func(e Entry) bool { // from the oldest
		if a.Version(e.Version) != nil {
			return false
		}
		gone--
		return gone >= deletedKept
	})
}

// WasPrimary reports whether the record knows the version as the primary that it would be again: with the same
// containers, or with any where the record is of an Aviary that noted something else.
func (a *App) WasPrimary(v *Version) bool {
	e, ok := a.live.Record.of(v.Name)
	return ok && (a.live.old() || e.Containers != "" && e.Containers == v.Containers())
}
