package audit

import (
	"aviary.dev/dialect"
	"aviary.dev/dryrun"
	"aviary.dev/manifest"
)

// outcome is what became of one document.
type outcome struct {
	object
	wrong            []Finding
	skipped, foreign bool
	err              error
}

// decode makes a fact of a document.
func (s *Set) decode(d manifest.Document, inFolder bool) outcome {
	out := outcome{object: object{place: place{d.File, d.Line, d.Number}}}
	if s.skips(d) {
		out.skipped = true
		return out
	}
	text, err := d.JSON()
	if err != nil {
		out.err = err
		return out
	}
	h, err := dryrun.ReadHeader(text)
	if err == nil && (h.APIVersion == "" || h.Kind == "") {
		err = dryrun.ErrNoObject
	}
	kind := s.kinds.Of(h.GroupKind())
	switch {
	case err != nil && inFolder && d.Item == "" && !s.names[h.Kind]:
		out.foreign = true
	case err != nil:
		out.err = d.Fail("%s%s", prefix(d.Item), err)
	case kind == nil:
		out.skipped = true
	default:
		out.err = s.fact(d, kind, text, &out)
	}
	return out
}

// fact decodes an object of a kind that facts are kept of.
func (s *Set) fact(d manifest.Document, kind *dialect.Kind, text []byte, out *outcome) error {
	o, err := s.world.Decode(kind, text)
	if err == nil && o.Fact.Identity().Name == "" && len(o.Wrong) > 0 {
		err = o.Wrong[0] // such as that metadata is a list
	}
	if err != nil {
		if _, strict := d.StrictJSON(); strict != nil {
			return strict // a key twice, and in which line
		}
		return d.Fail("%sno valid %s: %s", prefix(d.Item), kind.Kind, err)
	}
	if o.Fact.Identity().Name == "" {
		return d.Fail("%s%s without metadata.name", prefix(d.Item), kind.Kind)
	}
	out.fact = o.Fact
	for _, bad := range o.Wrong {
		out.wrong = append(out.wrong, out.unreadable(bad))
	}
	return nil
}

func prefix(item string) string {
	if item == "" {
		return ""
	}
	return item + ": "
}

// skips reports whether the text is surely an object of a kind that no facts are kept of, so that it
// need not be parsed.
func (s *Set) skips(d manifest.Document) bool {
	kind := d.Kind()
	return len(kind) > 0 && !s.names[string(kind)]
}
