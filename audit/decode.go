package audit

import (
	"bytes"

	"aviary.dev/dialect"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/manifest"
)

// outcome is what became of one document.
type outcome struct {
	object
	skipped, foreign bool
	err              error
}

// decode makes a fact of a document.
func (s *Set) decode(d manifest.Document, inFolder bool) outcome {
	out := outcome{object: object{place: place{d.File, d.Line, d.Item}}}
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
	case err != nil && inFolder && d.Item == "":
		out.foreign = true
	case err != nil:
		out.err = d.Fail("%s%s", prefix(d.Item), err)
	case kind == nil:
		out.skipped = true
	default:
		out.fact, out.err = s.fact(d, kind, text)
	}
	return out
}

// fact decodes an object of a kind that facts are kept of.
func (s *Set) fact(d manifest.Document, kind *dialect.Kind, text []byte) (fact.Fact, error) {
	o, err := s.world.Decode(kind, text)
	if err != nil {
		if _, strict := d.StrictJSON(); strict != nil {
			return nil, strict // a key twice, and in which line
		}
		return nil, d.Fail("%sno valid %s: %s", prefix(d.Item), kind.Kind, err)
	}
	if o.Fact.Identity().Name == "" {
		return nil, d.Fail("%s%s without metadata.name", prefix(d.Item), kind.Kind)
	}
	return o.Fact, nil
}

func prefix(item string) string {
	if item == "" {
		return ""
	}
	return item + ": "
}

// skips reports whether the text is surely an object of a kind that no facts are kept of, so that it
// need not be parsed: kind stands once at the left margin, as one word.
func (s *Set) skips(d manifest.Document) bool {
	if d.IsJSON {
		return false
	}
	word := kindWord(d.Text)
	return len(word) > 0 && !s.names[string(word)] && !bytes.HasSuffix(word, []byte("List"))
}

// kindWord returns the kind of an object in YAML; nothing where parsing might tell another.
func kindWord(text []byte) []byte {
	const key = "\nkind: "
	at := 0
	if !bytes.HasPrefix(text, []byte(key[1:])) {
		if at = bytes.Index(text, []byte(key)) + 1; at == 0 {
			return nil
		}
	}
	rest := text[at+len(key)-1:]
	word, _, _ := bytes.Cut(rest, []byte("\n"))
	word = bytes.TrimRight(word, " \r")
	if bytes.Contains(rest, []byte("\nkind:")) {
		return nil
	}
	for _, c := range word {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			return nil
		}
	}
	return word
}
