package odd

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
)

// File is one of a folder.
type File struct {
	Name string
	Text []byte
	// Objects are those in the file, in its order.
	Objects []Object
	// Nested: there is a List in a List, which kubectl refuses.
	Nested bool
}

// Object is one as it stands in a file.
type Object struct {
	Value map[string]any
	// First and Last are its lines.
	First, Last int
}

// Folder writes objects into files, whose names are in the order of the objects. Some objects stand twice.
func Folder(seed uint64, objects []map[string]any) []File {
	choice := rand.New(rand.NewPCG(seed, 0)) // #nosec G404 -- it is to be repeated
	objects = slices.Clone(objects)
	for range choice.IntN(2) {
		again := objects[choice.IntN(len(objects))]
		objects = slices.Insert(objects, choice.IntN(len(objects)+1), again)
	}
	var files []File
	for len(objects) > 0 {
		n := min(1+choice.IntN(5), len(objects))
		w := writer{Rand: choice}
		ext := w.file(objects[:n])
		name := fmt.Sprintf("%03d%s", len(files), ext)
		files = append(files, File{Name: name, Text: w.out, Objects: w.objects, Nested: w.nested})
		objects = objects[n:]
	}
	return files
}

// file writes a file, and returns what its name ends in.
func (w *writer) file(objects []map[string]any) string {
	switch w.IntN(6) {
	case 0:
		return w.jsonStream(objects)
	case 1:
		w.document(w.grouped(objects))
		if w.oneOf(4) {
			w.endLines("\r")
		} else {
			w.endLines("\n", "\r\n")
		}
		w.encode()
	default:
		w.stream(objects)
		w.endLines("\n", "\n", "\r\n")
		w.mark()
	}
	return w.pick(".yaml", ".yml")
}

// stream writes documents with markers between them.
func (w *writer) stream(objects []map[string]any) {
	w.add(w.pick("", "", "---\n", "# first\n", "# first\n---\n", "\n", "--- # first\n"))
	for first := true; len(objects) > 0; first = false {
		if !first {
			w.add(w.pick("---\n", "---\n", "--- # next\n", "---  \n", w.close()+"---\n", "---\n---\n",
				"---\n# nothing\n---\n", "---\nnull\n---\n", "---\n\n# next\n\n"))
		}
		n := min(1+w.IntN(3), len(objects))
		w.document(w.grouped(objects[:n]))
		objects = objects[n:]
	}
	w.add(w.pick("", "", "---\n", w.close(), "# last\n"))
}

// close ends a document with a marker, which kubectl understands where the file does not begin as JSON.
func (w *writer) close() string {
	if bytes.HasPrefix(bytes.TrimSpace(w.out), []byte("{")) {
		return ""
	}
	return "...\n"
}

// writer writes a file.
type writer struct {
	*rand.Rand
	out     []byte
	objects []Object
	// shared are the values with anchors that are written, anchors counts those that were begun.
	shared  []shared
	anchors int
	// bare: what was written last must have nothing behind it in its line. nested: a List has a List in it.
	bare, nested bool
}

func (w *writer) add(text string) { w.out = append(w.out, text...) }

// oneOf reports true once in n times.
func (w *writer) oneOf(n int) bool { return w.IntN(n) == 0 }

func (w *writer) pick(texts ...string) string { return texts[w.IntN(len(texts))] }
