package glooworld

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Record is a world with what Gloo made of it.
type Record struct {
	ID      string            `json:"id"`
	Class   []string          `json:"class"`
	Objects []json.RawMessage `json:"objects"`
	Gloo    Recorded          `json:"gloo"`
}

// Recorded is what Gloo made of a world.
type Recorded struct {
	FrozenVirtualServices     []string                `json:"frozenVirtualServices"`
	EnvoyConstraintViolations int                     `json:"envoyConstraintViolations"`
	DroppedBy                 []Drop                  `json:"droppedBy"`
	Dropped                   []string                `json:"dropped"`
	UnreachedTables           []string                `json:"unreachedTables"`
	Order                     map[string][]EnvoyRoute `json:"order"` // By domains; nil where Gloo held it back.
	Probes                    []Probe                 `json:"probes"`
}

// Probe is a request with the route that takes it; none means 404.
type Probe struct {
	Request Request `json:"request"`
	Answer  *Source `json:"answer"`
}

// ReadRecords reads worlds, one in a line.
func ReadRecords(r io.Reader) (out []Record, err error) {
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, end := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var record Record
			if err := json.Unmarshal(line, &record); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			out = append(out, record)
		}
		if end == io.EOF {
			return out, nil
		} else if end != nil {
			return nil, end
		}
	}
}
